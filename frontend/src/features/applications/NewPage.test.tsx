import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { setOwner } from "../../app/data";
import { route, startRouter } from "../../app/router";
import { user } from "../../app/session";
import { locale } from "../../i18n";
import { host } from "../../platform";
import { fakeBrowser } from "../../testing/fake-history";
import * as f from "../../testing/fixtures";
import { submittedView } from "../../testing/fixtures/views";
import { calls, created, mockApi, NO_NETWORK, problem, type Routes } from "../../testing/mock";
import { goodDay } from "../../testing/state";
import { CheckPage } from "./CheckPage";
import { NewPage } from "./NewPage";
import { queue } from "./queued";

const isChecked = (element: HTMLElement) => element instanceof HTMLInputElement && element.checked;
let people = 0;
const submits = () => calls.filter((call) => call.path === "submit");
const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ");
const button = (name: RegExp) => screen.getByRole("button", { name });
const day = (iso: string) => fireEvent.click(document.querySelector(`[data-day="${iso}"]`) as Element);

function Screen() {
  return route.value.path === "/new" ? <NewPage /> : route.value.path === "/new/check" ? <CheckPage /> : <p>{route.value.path}</p>;
}

async function open(path: string, routes: Routes = {}): Promise<void> {
  fakeBrowser(`#${path}`);
  user.value = f.user("ru", { id: `new-${String(++people)}` });
  setOwner(user.value.id);
  mockApi({ ...goodDay("ru"), "POST submit": () => created(submittedView("ru")), ...routes });
  calls.length = 0;
  queue.value = [];
  startRouter();
  render(<Screen />);
  await waitFor(() => screen.getByRole("heading", { level: 1, name: (name) => name !== "" }));
  await waitFor(() => document.querySelector(".bar") ?? Promise.reject(new Error("still loading")));
}

beforeEach(() => (locale.value = "ru"));
afterEach(cleanup);

describe("the compact form (E3)", () => {
  it("repeats the choice on its button and sends it once, however often it is pressed (UX-110)", async () => {
    await open("/new?form=flight&d=vvo");
    await waitFor(() => expect(isChecked(screen.getByRole("radio", { name: "Владивосток" }))).toBe(true));
    day("2027-01-15");
    const send = button(/Отправить/);
    expect(plain(send.textContent)).toBe("Отправить: Владивосток, 15 января");
    for (let press = 0; press < 5; press += 1) fireEvent.click(send);
    await waitFor(() => screen.getByText("/sent/2027-0142"));
    expect(submits()).toHaveLength(1);
    expect(submits()[0]?.body).toEqual({ form: "flight", answers: { direction: "vvo", date: "2027-01-15" }, period: 3 });
  });

  it("pressed empty: title, summary, the same words twice (UX-109)", async () => {
    await open("/new?form=flight");
    fireEvent.click(button(/Отправить/));
    const summary = await waitFor(() => screen.getByRole("group", { name: "Проверьте ответы" }));
    await waitFor(() => expect(document.activeElement).toBe(summary));
    expect(document.title).toMatch(/^Ошибка: /);
    expect(screen.getAllByText("Выберите дату вылета")).toHaveLength(2);
    expect(submits()).toEqual([]);
  });

  it("with one answer missing the focus goes straight to it", async () => {
    await open("/new?form=flight&d=vvo");
    await waitFor(() => button(/выберите дату/));
    fireEvent.click(button(/Отправить/));
    await waitFor(() => expect(document.activeElement?.getAttribute("data-day")).toBe("2027-01-01"));
    expect(screen.queryByRole("group", { name: "Проверьте ответы" })).toBeNull();
    expect(document.title).toMatch(/^Ошибка: /);
  });

  it("goes to the check page with a direction in own words", async () => {
    await open("/new?form=flight");
    day("2027-01-15");
    fireEvent.click(button(/Другое/));
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "Тикси" } });
    fireEvent.click(button(/Проверить/));
    await waitFor(() => screen.getByRole("heading", { name: "Проверьте и отправьте" }));
    expect(screen.getByText("Тикси")).toBeTruthy();
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText("/sent/2027-0142"));
    expect(submits()[0]?.body).toMatchObject({ answers: { direction: { other: "Тикси" } } });
  });

  it("a network that fails makes it wait, with everything kept", async () => {
    await open("/new?form=flight&d=vvo", { "POST submit": NO_NETWORK });
    await waitFor(() => button(/выберите дату/));
    day("2027-01-15");
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText(/^\/sent\//));
    expect(queue.value).toMatchObject([{ form: "flight", answers: { direction: "vvo", date: "2027-01-15" }, period: 3 }]);
    expect(plain(queue.value[0]?.title)).toBe("Владивосток, 15 января");
  });

  it("offline nothing is even tried", async () => {
    const online = host.online as unknown as { value: boolean };
    await open("/new?form=flight&d=vvo");
    await waitFor(() => button(/выберите дату/));
    day("2027-01-15");
    online.value = false;
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText(/^\/sent\//));
    expect(submits()).toEqual([]);
    online.value = true;
  });

  it("puts the server's words by the answer they are about", async () => {
    const message = "Такого направления нет в списке";
    await open("/new?form=flight&d=vvo", {
      "POST submit": problem(422, "invalid_answers", { errors: [{ field: "direction", code: "unknown_option", message }] }),
    });
    await waitFor(() => button(/выберите дату/));
    day("2027-01-15");
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText(message));
    expect(screen.getByRole("radiogroup").getAttribute("aria-invalid")).toBe("true");
  });

  it("names the application that is there already", async () => {
    await open("/new?form=flight&d=vvo", { "POST submit": problem(409, "limit_reached", { number: "2027-0142", limit: 1, month: "январь 2027" }) });
    await waitFor(() => button(/выберите дату/));
    day("2027-01-15");
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText(/Такая заявка уже есть: №/));
    expect(screen.getByRole("link", { name: "Открыть" }).getAttribute("href")).toBe("#/r/2027-0142");
    expect(screen.getByRole("link", { name: "Изменить" }).getAttribute("href")).toBe("#/r/2027-0142/edit");
  });
});

describe("the guided form (E3g)", () => {
  const heading = (name: string) => waitFor(() => screen.getByRole("heading", { level: 1, name }));
  const goOn = () => fireEvent.click(button(/Продолжить/));

  it("walks a form that it has never heard of, question by question", async () => {
    await open("/new?form=certificate", { "POST submit": () => created({ ...submittedView("ru"), number: "2026-0007", form: "certificate" }) });
    await heading("Какая справка нужна");
    expect(plain(screen.getByText(/^Шаг/).textContent)).toBe("Шаг 1 из 6");
    fireEvent.click(screen.getByRole("radio", { name: /О доходах/ }));
    goOn();
    await heading("Сколько экземпляров");
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "2" } });
    goOn();
    await heading("К какому дню нужна");
    day("2026-11-30");
    goOn();
    await heading("Как хотите получить");
    fireEvent.click(screen.getByRole("radio", { name: /Почтой/ }));
    goOn();
    await heading("На какой почтовый адрес");
    expect(plain(screen.getByText(/^Шаг/).textContent)).toBe("Шаг 5 из 7");
    goOn();
    await waitFor(() => screen.getByRole("group", { name: "Проверьте ответы" }));
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "101000, Москва, ул. Мира, 1" } });
    goOn();
    await heading("Что важно учесть");
    goOn();
    await heading("Проверьте и отправьте");
    fireEvent.click(button(/Отправить/));
    await waitFor(() => screen.getByText("/sent/2026-0007"));
    expect(submits()[0]?.body).toEqual({
      form: "certificate",
      answers: { document: "income", copies: 2, needed_by: "2026-11-30", delivery: "post", address: "101000, Москва, ул. Мира, 1" },
    });
  });

  it("stays at a question that is not answered, and goes back with answers kept", async () => {
    await open("/new?form=certificate");
    await heading("Какая справка нужна");
    goOn();
    await waitFor(() => screen.getByRole("group", { name: "Проверьте ответы" }));
    fireEvent.click(screen.getByRole("radio", { name: /О стаже/ }));
    goOn();
    await heading("Сколько экземпляров");
    fireEvent.click(button(/Назад/));
    await heading("Какая справка нужна");
    expect(isChecked(screen.getByRole("radio", { name: /О стаже/ }))).toBe(true);
  });

  it("a change from the check page comes back to it, by way of questions that it opens", async () => {
    await open("/new?form=certificate");
    await heading("Какая справка нужна");
    fireEvent.click(screen.getByRole("radio", { name: /О стаже/ }));
    goOn();
    await heading("Сколько экземпляров");
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "1" } });
    goOn();
    await heading("К какому дню нужна");
    day("2026-11-30");
    goOn();
    await heading("Как хотите получить");
    fireEvent.click(screen.getByRole("radio", { name: /в офисе/ }));
    goOn();
    await heading("Что важно учесть");
    goOn();
    await heading("Проверьте и отправьте");
    fireEvent.click(screen.getByRole("link", { name: "Изменить: Как получить" }));
    await heading("Как хотите получить");
    fireEvent.click(screen.getByRole("radio", { name: /электронной/ }));
    goOn();
    await heading("На какой адрес отправить");
    fireEvent.input(screen.getByRole("textbox"), { target: { value: "anna@example.ru" } });
    goOn();
    await heading("Проверьте и отправьте");
    expect(screen.getByText("anna@example.ru")).toBeTruthy();
  });
});
