import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { navigate, route, startRouter } from "../../app/router";
import { fakeBrowser } from "../../testing/fake-history";
import * as f from "../../testing/fixtures";
import { calls, NO_NETWORK, problem, type Routes } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { answers } from "./answers";
import { FirstPage } from "./FirstPage";

function first(routes: Routes, step?: string): void {
  fakeBrowser(`#/profile${step ? `?step=${step}` : ""}`);
  startRouter();
  visit(<FirstPage />, routes);
}

beforeEach(() => (answers.value = null));
afterEach(() => (answers.value = null));

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const heading = (name: string) => screen.findByRole("heading", { level: 1, name });
const saved = () => calls.filter(({ method, path }) => method === "PATCH" && path === "me").map(({ body }) => (body as { profile: object }).profile);

describe("a person the staff list knows", () => {
  it("confirms once, and everything is saved", async () => {
    first({ "GET me": f.matched("ru") });
    await heading("Проверьте данные");
    press("Всё верно");
    await waitFor(() => expect(route.value.path).toBe("/new"));
    expect(saved()).toEqual([f.matched("ru").suggestion]);
  });

  it("keeps the screen and says what is safe when saving fails", async () => {
    first({ "GET me": f.matched("ru"), "PATCH me": NO_NETWORK });
    await heading("Проверьте данные");
    press("Всё верно");
    expect(await screen.findByText(/Ответы на месте/)).toBeTruthy();
    expect(route.value.path).toBe("/profile");
  });
});

describe("a newcomer", () => {
  it("is asked about units of the chosen base only", async () => {
    first({ "GET me": f.newcomer("ru") }, "location");
    await heading("Ваша база");
    fireEvent.click(screen.getByRole("radio", { name: /СПБ/ }));
    press("Продолжить");
    await heading("Ваше подразделение");
    expect(screen.getAllByRole("radio").map((radio) => (radio as HTMLInputElement).value)).toEqual([
      "spb-oke-4",
      "spb-oke-5",
      "spb-olsit",
    ]);
  });

  it("is told what is missing in the form's own words", async () => {
    first({ "GET me": f.newcomer("ru") }, "location");
    await heading("Ваша база");
    press("Продолжить");
    expect(await screen.findByText("Выберите базу")).toBeTruthy();
    expect(document.title).toMatch(/^Ошибка: /);
    expect(saved()).toEqual([]);
  });

  it("loses the unit of the old base with the base", async () => {
    first({ "GET me": f.newcomer("ru") }, "location");
    await heading("Ваша база");
    answers.value = { ...answers.value, location: "msk", unit: "msk-oke-2" };
    fireEvent.click(screen.getByRole("radio", { name: /СПБ/ }));
    expect(answers.value.unit).toBeNull();
  });

  it("finds the answers again after a reload", async () => {
    first({ "GET me": f.newcomer("ru") }, "location");
    await heading("Ваша база");
    fireEvent.click(screen.getByRole("radio", { name: /Красноярск/ }));
    navigate("/profile?step=unit");
    cleanup();
    render(<FirstPage />);
    await heading("Ваше подразделение");
    expect(screen.getAllByRole("radio")).toHaveLength(2);
  });
});

describe("my details", () => {
  it("stand on one page, and a refused number is told beside its field", async () => {
    const taken = problem(409, "personnel_number_taken", { detail: "Этот номер указан у другого сотрудника" });
    first({ "PATCH me": taken });
    fireEvent.input(await screen.findByLabelText("Табельный номер"), { target: { value: "100101" } });
    press("Сохранить");
    expect(await screen.findByText("Этот номер указан у другого сотрудника")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Табельный номер").value).toBe("100101");
  });
});
