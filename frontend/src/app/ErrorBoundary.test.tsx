import { fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, expect, it, vi } from "vitest";

import { fakeBrowser } from "../testing/fake-history";
import { calls, mockApi } from "../testing/mock";
import { ErrorBoundary } from "./ErrorBoundary";
import { sessionState } from "./session";

let broken = true;

function Screen() {
  if (broken) throw new Error("broken screen");
  return <p>fine again</p>;
}

beforeEach(() => {
  broken = true;
  calls.length = 0;
  fakeBrowser();
  mockApi({ "POST telemetry": null });
  sessionState.value = "in";
  vi.useFakeTimers({ shouldAdvanceTime: true });
  return () => vi.useRealTimers();
});

it("gives a thrown error a page with a code, tells it once, and lets the person try again (UX-118)", async () => {
  render(
    <ErrorBoundary place="/">
      <Screen />
    </ErrorBoundary>,
  );
  expect(screen.getByRole("heading", { name: "Экран не открылся" })).toBeTruthy();
  expect(screen.getByText(/EB-0001/)).toBeTruthy();

  fireEvent.click(screen.getByRole("button", { name: "Повторить" }));
  await vi.advanceTimersByTimeAsync(4_000);
  const reports = calls.filter(({ path }) => path === "telemetry");
  expect(reports).toHaveLength(1);
  expect(JSON.stringify(reports[0]?.body)).toContain("broken screen");

  broken = false;
  fireEvent.click(screen.getByRole("button", { name: "Повторить" }));
  await waitFor(() => expect(screen.getByText("fine again")).toBeTruthy());
});
