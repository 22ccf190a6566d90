import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { route, startRouter } from "../../app/router";
import { fakeBrowser } from "../../testing/fake-history";
import { ranked, shares, spread } from "./byName";
import { Chart, type Draw } from "./Chart";
import { isEmpty, nameOf, roundUp, type Plot } from "./model";
import { overTime } from "./overTime";
import { PlotTable } from "./PlotTable";

const days: Plot = {
  label: "День",
  series: [{ label: "подано", look: "solid" }, { label: "одобрено", look: "step" }],
  marks: [
    { key: "a", label: "1 января", short: "01.01", values: [3, 3], href: "/desk/statistics/rows?from=a" },
    { key: "b", label: "2 января", short: "02.01", values: [12, 4], href: "/desk/statistics/rows?from=b" },
    { key: "c", label: "3 января", short: "03.01", values: [0, null] },
  ],
  hint: "Столбец открывает список.",
};
const pairs: Plot = { ...days, series: [{ label: "подано", look: "solid" }, { label: "одобрено", look: "hatch" }] };
const kinds: [string, Draw, Plot][] = [["over time", overTime, days], ["by name", ranked, pairs], ["spread", spread, pairs], ["shares", shares, { ...days, series: days.series.slice(0, 1) }]];

const marks = () => [...document.querySelectorAll<SVGElement>(".mark")];
const names = () => marks().map((mark) => mark.getAttribute("aria-label"));
const sizeOf = (key: string, which: number, side: "width" | "height") =>
  Number(document.querySelectorAll(`[data-mark="${key}"] .picture .bar`)[which]?.getAttribute(side));
const cells = () => [...document.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));

beforeEach(() => {
  fakeBrowser();
  startRouter();
});
afterEach(cleanup);

describe("a chart and its table", () => {
  it.each(kinds)("%s: say the same of every mark", (_, draw, plot) => {
    render(<Chart plot={plot} name="Заявки" draw={draw} />);
    const told = names();
    cleanup();
    render(<PlotTable plot={plot} name="Заявки" />);
    const printed = cells().map(([label, ...values]) => {
      const facts = values.flatMap((value, which) => (value === "—" ? [] : [`${plot.series[which]?.label ?? ""} ${value}`]));
      return `${label ?? ""}: ${facts.join(", ")}`;
    });
    expect(told).toEqual(printed);
  });

  it("bars are as long as their numbers", () => {
    render(<Chart plot={days} name="Заявки" draw={overTime} />);
    expect(sizeOf("b", 0, "height") / sizeOf("a", 0, "height")).toBeCloseTo(4);
    expect(sizeOf("c", 0, "height")).toBe(0);
    cleanup();
    render(<Chart plot={pairs} name="Заявки" draw={ranked} />);
    expect(sizeOf("b", 0, "width") / sizeOf("b", 1, "width")).toBeCloseTo(3);
    expect(sizeOf("a", 0, "width")).toBeCloseTo(sizeOf("a", 1, "width"));
  });

  it("circles are as large as their numbers", () => {
    render(<Chart plot={{ ...pairs, marks: [{ key: "a", label: "Сочи", values: [64, 16] }] }} name="Люди" draw={spread} />);
    const [many, few] = [...document.querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("r")));
    expect((many ?? 0) / (few ?? 1)).toBeCloseTo(2);
  });

  it("a share is a part of the whole bar", () => {
    render(<Chart plot={{ ...days, series: days.series.slice(0, 1), marks: [{ key: "a", label: "eXpress", values: [3] }, { key: "b", label: "Чат", values: [1] }] }} name="Каналы" draw={shares} />);
    expect((sizeOf("a", 0, "width") + 2) / (sizeOf("b", 0, "width") + 2)).toBeCloseTo(3);
  });

  it("tell series apart by more than colour", () => {
    render(<Chart plot={pairs} name="Заявки" draw={ranked} />);
    expect(document.querySelector('[data-mark="b"] .bar.hatch')?.getAttribute("fill")).toMatch(/^url\(#/);
    expect([...document.querySelectorAll(".chart-key i")].map((each) => each.className)).toEqual(["solid", "hatch"]);
  });
});

describe("keyboard", () => {
  it("a chart is one stop, arrows walk from mark to mark", () => {
    render(<Chart plot={days} name="Заявки" draw={overTime} />);
    const stops = () => marks().map((mark) => mark.getAttribute("tabindex"));
    expect(stops()).toEqual(["0", "-1", "-1"]);
    marks()[0]?.focus();
    for (const [key, at] of [["ArrowRight", 1], ["End", 2], ["ArrowRight", 2], ["ArrowLeft", 1], ["Home", 0], ["ArrowUp", 0]] as const) {
      fireEvent.keyDown(document.activeElement as Element, { key });
      expect(marks().indexOf(document.activeElement as SVGElement), key).toBe(at);
    }
  });

  it("the line under the chart says what the focus is on, and leads to its rows", async () => {
    render(<Chart plot={days} name="Заявки" draw={overTime} />);
    expect(screen.getByText("Столбец открывает список.")).toBeTruthy();
    fireEvent.focus(marks()[1] as Element);
    expect(await screen.findByText("2 января: подано 12, одобрено 4")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Показать заявки: 2 января" }).getAttribute("href")).toBe("#/desk/statistics/rows?from=b");
    expect(screen.queryByText("Столбец открывает список.")).toBeNull();
  });
});

describe("pointers", () => {
  const press = (pointerType: string) => {
    const bar = marks()[1] as Element;
    fireEvent(bar, Object.assign(new Event("pointerdown", { bubbles: true }), { pointerType }));
    fireEvent.click(bar);
  };
  const many: Plot = { ...days, marks: Array.from({ length: 60 }, (_, index) => ({ key: `${index}`, label: `${index}`, values: [1, 1], href: `/desk/statistics/rows?n=${index}` })) };

  it("a press on a bar opens its rows", () => {
    render(<Chart plot={days} name="Заявки" draw={overTime} />);
    press("mouse");
    expect(route.value.query.get("from")).toBe("b");
  });

  it("a finger on a bar thinner than itself only chooses it", async () => {
    render(<Chart plot={many} name="Заявки" draw={overTime} />);
    press("touch");
    expect(route.value.path).toBe("/");
    expect(await screen.findByRole("link", { name: "Показать заявки: 1" })).toBeTruthy();
    press("mouse");
    expect(route.value.query.get("n")).toBe("1");
  });

  it("a mark without rows is a picture with a name", () => {
    render(<Chart plot={days} name="Заявки" draw={overTime} />);
    expect(marks()[2]?.tagName.toLowerCase()).toBe("g");
    expect(screen.getByRole("img", { name: "3 января: подано 0" })).toBeTruthy();
  });
});

describe("numbers", () => {
  it.each([[0, 2], [2, 2], [3, 4], [9, 10], [11, 20], [23, 30], [46, 50], [347, 400], [1001, 2000]])("a scale for %d ends at %d", (most, end) => {
    expect(roundUp(most)).toBe(end);
  });

  it("what is not known is not zero", () => {
    const mark = { key: "c", label: "3 января", values: [null, null] };
    expect(nameOf(days, mark)).toBe("3 января: —");
    expect(isEmpty({ ...days, marks: [mark, { ...mark, values: [0, null] }] })).toBe(true);
    expect(isEmpty(days)).toBe(false);
  });
});
