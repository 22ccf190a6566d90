import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, describe, expect, it } from "vitest";

import { startRouter } from "../../app/router";
import { fakeBrowser } from "../../testing/fake-history";
import * as f from "../../testing/fixtures";
import { calls, NO_NETWORK, problem } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { ToastRegion } from "../../ui/Toast";
import { HomePage } from "./HomePage";

beforeEach(() => {
  fakeBrowser();
  startRouter();
});

const link = (name: RegExp) => screen.findByRole("link", { name });

describe("home", () => {
  it("leads a returning person to the form by one press, with the direction chosen", async () => {
    visit(<HomePage />);
    expect((await link(/^Подать заявку$/)).getAttribute("href")).toBe("#/new?form=flight");
    expect((await link(/^Владивосток$/)).getAttribute("href")).toBe("#/new?form=flight&d=vvo");
  });

  it("draws everything at once: nothing is pressed away by a part that comes later", async () => {
    const { container } = visit(<HomePage />);
    expect(container.querySelectorAll(".skeleton").length).toBeGreaterThan(0);
    await link(/^Подать заявку$/);
    expect(container.querySelector(".skeleton")).toBeNull();
    expect(screen.getByText("Быстро повторить")).toBeTruthy();
  });

  it("offers the filed application in the place of a second one", async () => {
    visit(<HomePage />, {
      "GET periods": f.periods([f.january("ru", { filed: 1 })]),
      "GET applications": f.list(f.submitted("ru")),
    });
    expect((await link(/Открыть мою заявку/)).getAttribute("href")).toBe("#/r/2027-0142");
    expect(screen.queryByText("Подать заявку")).toBeNull();
    expect(screen.queryByText("Быстро повторить")).toBeNull();
  });

  it("says why, and whom to ask, when this person may not file", async () => {
    const blocked = { reason: "нарушение от 12 октября", until: "2027-01-12" };
    visit(<HomePage />, { "GET periods": f.periods([f.january("ru", { blocked })]) });
    await link(/Спросить координатора/);
    expect(screen.queryByText("Подать заявку")).toBeNull();
  });

  it("keeps what it can show when one part fails, and asks again on a press", async () => {
    let broken = true;
    visit(<HomePage />, {
      "GET applications": () => (broken ? problem(500, "internal_error") : f.history("ru")),
    });
    await link(/^Подать заявку$/);
    broken = false;
    fireEvent.click(screen.getByRole("button", { name: "Повторить" }));
    await link(/2026-1187/);
    expect(screen.queryByRole("button", { name: "Повторить" })).toBeNull();
  });

  it("is an error page with a code only when nothing at all is known", async () => {
    visit(<HomePage />, { "GET info": NO_NETWORK });
    expect(await screen.findByRole("heading", { name: "Нет связи с сервером" })).toBeTruthy();
    expect(screen.getByText(/EB-0000/)).toBeTruthy();
  });
});

describe("the draft on home", () => {
  const stored = { form: "flight", answers: { direction: "khv" }, client_key: "key-00000001", version: 1, updated_at: f.NOW, channel: "browser" };

  it("goes by one press and comes back by another", async () => {
    let draft: object | null = stored;
    visit(<HomePage />, {
      "GET draft": ({ query }: { query: URLSearchParams }) => ({ draft: query.get("form") === "flight" ? draft : null }),
      "DELETE draft": () => ((draft = null), null),
    });
    fireEvent.click(await screen.findByRole("button", { name: "Удалить" }));
    await waitFor(() => expect(screen.queryByText(/Черновик: Хабаровск/)).toBeNull());
    render(<ToastRegion />);
    fireEvent.click(await screen.findByRole("button", { name: "Отменить" }));
    expect(await screen.findByText(/Черновик: Хабаровск/)).toBeTruthy();
    await waitFor(() => expect(calls.some(({ method, path }) => method === "PUT" && path === "draft")).toBe(true));
  });
});
