import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { useState } from "preact/hooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AnswerValue, Option } from "../../api/types";
import { locale } from "../../i18n";
import { fakeBrowser } from "../../testing/fake-history";
import { nextActive } from "./Combobox";
import { LocationSelector, type LocationSelectorProps } from "./LocationSelector";

const isChecked = (element: HTMLElement) => element instanceof HTMLInputElement && element.checked;
const valueOf = (element: HTMLElement) => (element instanceof HTMLInputElement ? element.value : null);
const cities = (count: number): Option[] => Array.from({ length: count }, (_, n) => ({ code: `c${String(n)}`, name: `Город ${String(n)}` }));
const told = vi.fn<(value: AnswerValue) => void>();

function Held(props: Partial<LocationSelectorProps>) {
  const [value, setValue] = useState<AnswerValue>(props.value ?? null);
  const change = (next: AnswerValue) => {
    told(next);
    setValue(next);
  };
  return <LocationSelector name="d" label="Куда" options={cities(14)} {...props} value={value} onChange={change} />;
}

beforeEach(() => {
  fakeBrowser();
  locale.value = "ru";
  told.mockClear();
});
afterEach(cleanup);

describe("how a choice looks follows from how much there is to choose from", () => {
  it("is radio rows up to seven", () => {
    render(<Held options={cities(7)} compact />);
    expect(screen.getAllByRole("radio")).toHaveLength(7);
    expect(screen.queryByRole("searchbox")).toBeNull();
  });

  it("is a list with a search from eight to thirty on a page of its own", () => {
    render(<Held options={cities(30)} />);
    expect(screen.getByRole("searchbox")).toBeTruthy();
    expect(screen.getAllByRole("radio")).toHaveLength(30);
  });

  it("is chips of lately chosen ones and a button with the number of all on a shared page", () => {
    render(<Held compact recent={["c3", "c5", "gone", "c7"]} />);
    expect(screen.getAllByRole("radio").map((radio) => valueOf(radio))).toEqual(["c3", "c5"]);
    expect(screen.getByRole("button", { name: "Весь список (14)" })).toBeTruthy();
  });

  it("is a combobox in a sheet above thirty", () => {
    render(<Held options={cities(31)} compact />);
    fireEvent.click(screen.getByRole("button", { name: "Весь список (31)" }));
    const combobox = screen.getByRole("combobox");
    fireEvent.input(combobox, { target: { value: "город 17" } });
    expect(combobox.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option").id);
    fireEvent.keyDown(combobox, { key: "Enter" });
    expect(told).toHaveBeenLastCalledWith("c17");
    expect(screen.queryByRole("combobox")).toBeNull();
  });
});

describe("the sheet of all", () => {
  it("chooses and closes; the choice is a chip from then on", () => {
    render(<Held compact recent={["c3"]} />);
    fireEvent.click(screen.getByRole("button", { name: /Весь список/ }));
    fireEvent.click(screen.getByRole("button", { name: "Город 9" }));
    expect(told).toHaveBeenLastCalledWith("c9");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(isChecked(screen.getByRole("radio", { name: "Город 9" }))).toBe(true);
  });

  it("offers the typed words where nothing was found", () => {
    render(<Held compact allowOther texts={{ other_own: "Указать своё направление" }} />);
    fireEvent.click(screen.getByRole("button", { name: /Весь список/ }));
    fireEvent.input(screen.getByRole("searchbox"), { target: { value: "Тикси" } });
    expect(screen.getByText("Ничего не нашли по запросу «Тикси»")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Указать своё направление: Тикси" }));
    expect(told).toHaveBeenLastCalledWith({ other: "Тикси" });
    expect(valueOf(screen.getByRole("textbox"))).toBe("Тикси");
  });
});

describe("own words", () => {
  it("stay open while the field is emptied, and give way to the list by a press", () => {
    render(<Held compact allowOther />);
    fireEvent.click(screen.getByRole("button", { name: "Другое…" }));
    const field = screen.getByRole("textbox");
    expect(document.activeElement).toBe(field);
    fireEvent.input(field, { target: { value: "Т" } });
    fireEvent.input(field, { target: { value: "" } });
    expect(told).toHaveBeenLastCalledWith(null);
    expect(screen.getByRole("textbox")).toBe(field);
    fireEvent.click(screen.getByRole("button", { name: "Выбрать из списка" }));
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("are the only way where the base has no list, with the sentence why (UX-107)", () => {
    render(<Held compact allowOther options={[]} texts={{ none: "Для базы Сочи списка нет, напишите направление" }} />);
    const field = screen.getByRole("textbox", { name: "Куда" });
    expect(document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent).toContain("Для базы Сочи списка нет");
    expect(document.activeElement).not.toBe(field);
  });
});

it("walks the combobox round with the arrows", () => {
  expect(nextActive("ArrowDown", 4, 5)).toBe(0);
  expect(nextActive("ArrowUp", 0, 5)).toBe(4);
  expect(nextActive("ArrowUp", -1, 5)).toBe(4);
  expect(nextActive("PageDown", 0, 5)).toBe(4);
  expect(nextActive("ArrowDown", 0, 0)).toBeNull();
  expect(nextActive("a", 0, 5)).toBeNull();
});
