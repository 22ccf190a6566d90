import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { describe, expect, it } from "vitest";

import * as f from "../../testing/fixtures";
import { calls, problem, type Routes } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { ToastRegion } from "../../ui/Toast";
import { PeriodCard } from "./PeriodCard";

const form = { id: "flight", title: "Заявка на рейс", description: "", has_period: true };
const puts = () => calls.filter(({ method }) => method === "PUT").map(({ path, body }) => [path, body]);
const said = () => document.body.textContent.replace(/\u00a0/g, " ");

/** Between two periods: the next one is February's. */
function between(routes: Routes = {}, next = [f.february("ru", { opens_at: "2099-12-20T06:00:00Z", closes_at: "2100-01-05T15:00:00Z" })]) {
  visit(<><PeriodCard form={form} periods={next} cards={[]} /><ToastRegion /></>, routes);
}

describe("«Напомнить, когда откроется» (E2)", () => {
  it("is one press, and says when", async () => {
    between();
    fireEvent.click(await screen.findByRole("button", { name: "Напомнить, когда откроется" }));
    await waitFor(() => expect(said()).toContain("Напомним 20 декабря"));
    await waitFor(() => expect(puts()).toEqual([["periods/4/reminder", { choice: "wanted" }]]));
    expect(screen.queryByRole("button", { name: "Напомнить, когда откроется" })).toBeNull();
  });

  it("is remembered, and has a way back", async () => {
    between({ "GET periods/4/reminder": f.reminder("wanted") });
    fireEvent.click(await screen.findByRole("button", { name: "Не напоминать" }));
    expect(await screen.findByRole("button", { name: "Напомнить, когда откроется" })).toBeTruthy();
    await waitFor(() => expect(puts()).toEqual([["periods/4/reminder", { choice: "none" }]]));
  });

  it("is taken back when the server has not heard of it", async () => {
    between({ "PUT periods/4/reminder": problem(503, "database_unavailable") });
    fireEvent.click(await screen.findByRole("button", { name: "Напомнить, когда откроется" }));
    await waitFor(() => expect(said()).toContain("Не получилось"));
    expect(await screen.findByRole("button", { name: "Напомнить, когда откроется" })).toBeTruthy();
  });

  it("is offered also when nobody knows what was said before", async () => {
    between({ "GET periods/4/reminder": problem(503, "database_unavailable") });
    expect(await screen.findByRole("button", { name: "Напомнить, когда откроется" })).toBeTruthy();
  });

  it("is not drawn when nothing is ahead", async () => {
    between({}, []);
    expect(await screen.findByText("Приём закрыт")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
    expect(calls).toEqual([]);
  });
});
