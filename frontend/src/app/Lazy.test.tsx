import { render } from "preact";
import { expect, it, vi } from "vitest";

import "./later";
import { Lazy, loadLater } from "./Lazy";

it("draws a screen whose file came between the skeleton and its wish for it", async () => {
  const place = document.createElement("div");
  render(<Lazy draw={() => "there"} meanwhile="meanwhile" />, place);
  expect(place.textContent).toBe("meanwhile");
  await loadLater(); // as the idle prefetch does: faster than the effect of what was drawn
  await vi.waitFor(() => expect(place.textContent).toBe("there"));
});
