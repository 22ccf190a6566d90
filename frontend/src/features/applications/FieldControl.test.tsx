import { signal } from "@preact/signals";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it } from "vitest";

import type { Answers, CompiledForm, FormField } from "../../api/types";
import { locale } from "../../i18n";
import { fakeBrowser } from "../../testing/fake-history";
import { certificate } from "../../testing/fixtures";
import { FieldControl } from "./FieldControl";
import { FormSession } from "./session";

const common = { required: true, profile: false, statistics: false, visible_when: null, cleanup: [], messages: {} };
const options = [{ code: "a", name: "Первый" }, { code: "b", name: "Второй" }, { code: "c", name: "Третий" }];
const fields: FormField[] = [
  { ...common, name: "one", kind: "choice", label: "Один", options },
  { ...common, name: "many", kind: "multichoice", label: "Много", options },
  { ...common, name: "day", kind: "date", label: "День", min: "2027-01-01", max: "2027-01-31", excluded: [], holidays: [] },
  { ...common, name: "line", kind: "text", label: "Строка", hint: "Подсказка", required: false },
  { ...common, name: "lines", kind: "text", label: "Строки", multiline: true, max_length: 10 },
  { ...common, name: "count", kind: "number", label: "Число" },
  { ...common, name: "sure", kind: "boolean", label: "Точно" },
  { ...common, name: "human", kind: "person", label: "Человек" },
];

const store = signal<Answers>({});

function draw(compact = true) {
  const form: CompiledForm = { ...certificate("ru"), fields, summary: [], schema: {} };
  const session = new FormSession({
    name: "test",
    form: signal(form), known: signal({}), withProfile: signal(false),
    store: { answers: store, change: (_field, next) => (store.value = next) },
  });
  const history = { recent: () => [], requested: [] };
  render(
    <>
      {fields.map((field) => (
        <FieldControl key={field.name} {...{ session, field, history, compact }} timezone="Europe/Moscow" />
      ))}
    </>,
  );
}

beforeEach(() => {
  fakeBrowser();
  locale.value = "ru";
  store.value = {};
});
afterEach(cleanup);

it("has a control for every kind of question", () => {
  draw();
  fireEvent.click(screen.getAllByRole("radio", { name: "Второй" })[0] as Element);
  fireEvent.click(screen.getByRole("checkbox", { name: "Третий" }));
  fireEvent.click(screen.getByRole("checkbox", { name: "Первый" }));
  fireEvent.click(document.querySelector("[data-day='2027-01-15']") as Element);
  fireEvent.input(screen.getByRole("textbox", { name: /Строка/ }), { target: { value: "текст" } });
  fireEvent.input(screen.getByRole("textbox", { name: "Число" }), { target: { value: "1,5" } });
  fireEvent.click(screen.getByRole("radio", { name: "Нет" }));
  fireEvent.input(screen.getByRole("textbox", { name: "Человек" }), { target: { value: "Иванов И. И." } });
  expect(store.value).toEqual({
    one: "b", many: ["a", "c"], day: "2027-01-15", line: "текст", count: "1,5", sure: false, human: "Иванов И. И.",
  });
});

it("takes a choice of many back, to nothing", () => {
  store.value = { many: ["a"] };
  draw();
  fireEvent.click(screen.getByRole("checkbox", { name: "Первый" }));
  expect(store.value).toEqual({});
});

it("says that an answer is optional and ties the hint to the field", () => {
  draw();
  const field = screen.getByRole("textbox", { name: "Строка (необязательно)" });
  expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toBe("Подсказка");
});

it("counts letters when four fifths are written, and never cuts", () => {
  store.value = { lines: "восемь б" };
  draw();
  expect(document.querySelector(".counter")?.textContent.replaceAll("\u00a0", " ")).toBe("Осталось 2 символа");
  fireEvent.input(screen.getByRole("textbox", { name: "Строки" }), { target: { value: "одиннадцать" } });
  expect(document.querySelector(".counter")?.textContent.replaceAll("\u00a0", " ")).toBe("Лишний 1 символ");
  expect(store.value.lines).toBe("одиннадцать");
});

it("keeps a name for assistive tech where the page's heading is the question", () => {
  draw(false);
  expect(screen.getByRole("textbox", { name: "Число" })).toBeTruthy();
  expect(screen.getByRole("radiogroup", { name: "Один" })).toBeTruthy();
});
