import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Role } from "../../../api/types";
import { route, startRouter } from "../../../app/router";
import { user } from "../../../app/session";
import { first } from "../../../i18n/ru/first";
import { desk } from "../../../i18n/ru/desk";
import { fakeBrowser } from "../../../testing/fake-history";
import * as f from "../../../testing/fixtures";
import { calls, problem, type Routes } from "../../../testing/mock";
import { visit } from "../../../testing/visit";
import type { Plot } from "../../../ui/charts/model";
import { DeskPage } from "./DeskPage";
import { cells, csv, xlsx } from "./files";
import { NAMES, panelsOf } from "./plots";
import { RowsPage } from "./RowsPage";

const plain = (text: string | null | undefined) => (text ?? "").replaceAll("\u00a0", " ");
const asked = (path: string) => calls.filter((call) => call.path === path).map(({ query }) => query.toString());

function open(path: string, routes: Routes = {}, roles: Role[] = ["employee", "dispatcher"]): void {
  fakeBrowser(`#${path}`);
  startRouter();
  const screenOf = () => (route.value.path.endsWith("rows") ? <RowsPage /> : <DeskPage />);
  function Screen() {
    return screenOf();
  }
  visit(<Screen />, { "GET info": f.info("ru", { user: f.user("ru", { roles }) }), ...routes });
  if (user.value) user.value = { ...user.value, roles };
}

const figures = async () => {
  await screen.findAllByRole("figure");
  return screen.getAllByRole("figure");
};

describe("the eight questions", () => {
  beforeEach(() => open("/desk/statistics"));

  it("each is a figure whose caption says what follows", async () => {
    const conclusions = f.questions("ru");
    const captions = (await figures()).map((each) => plain(each.querySelector("figcaption")?.textContent));
    expect(captions).toEqual(NAMES.map((name) => plain(conclusions[name].conclusion)));
    expect(new Set(NAMES)).toEqual(new Set(Object.keys(conclusions)));
  });

  it("the table of each says what its chart says", async () => {
    await figures();
    for (const section of document.querySelectorAll<HTMLElement>(".question")) {
      const names = [...section.querySelectorAll(".mark")].map((mark) => plain(mark.getAttribute("aria-label")));
      fireEvent.click(within(section).getByRole("button", { name: /^Показать таблицей/ }));
      await waitFor(() => within(section).getAllByRole("table"));
      const rows = [...section.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => plain(cell.textContent)));
      expect(section.querySelector("svg[role=group]")).toBeNull();
      expect(rows.length).toBe(names.length);
      for (const [index, [label = "", ...values]] of rows.entries()) {
        expect(names[index]?.startsWith(`${label}: `), names[index]).toBe(true);
        for (const value of values.filter((each) => each !== "—")) expect(names[index]).toContain(` ${value}`);
      }
    }
  });

  it("another period is asked for and stands in the address; the choice stays while it is fetched", async () => {
    await figures();
    fireEvent.change(screen.getByLabelText("Период"), { target: { value: "2" } });
    expect(route.value.query.get("period")).toBe("2");
    await waitFor(() => expect(asked("desk/statistics/questions")).toEqual(["form=flight", "form=flight&period=2"]));
    expect(screen.getByLabelText("Период")).toBeTruthy();
  });

  it("a bar leads to exactly its rows", async () => {
    await figures();
    const bar = document.querySelector('[data-mark="2027-01-28"] .mark');
    expect(bar?.getAttribute("href")).toMatch(/^#\/desk\/statistics\/rows\?form=flight&basis=target&from=2027-01-28&to=2027-01-28/);
    expect(plain(bar?.getAttribute("aria-label"))).toBe("28 января 2027, четверг: подано 14, одобрено 8");
  });
});

describe("what else the desk may see", () => {
  it("a form that nobody has filed has sentences and no empty axes", async () => {
    open("/desk/statistics", { "GET desk/statistics/questions": f.noAnswers("ru") });
    expect((await figures()).length).toBe(NAMES.length);
    expect(document.querySelector(".chart")).toBeNull();
    expect(screen.queryByRole("button", { name: /таблицей/ })).toBeNull();
  });

  it("nobody but the desk: the server is not even asked", async () => {
    open("/desk/statistics", {}, ["employee"]);
    expect(await screen.findByText("Эта страница для диспетчеров")).toBeTruthy();
    expect(asked("desk/statistics/questions")).toEqual([]);
  });

  it("a failure is a page with a way to try again", async () => {
    open("/desk/statistics", { "GET desk/statistics/questions": problem(503, "database_unavailable") });
    expect(await screen.findByRole("button", { name: "Повторить" })).toBeTruthy();
  });
});

describe("the rows behind a figure", () => {
  it("are fetched by the figure's own query, a page at a time", async () => {
    open("/desk/statistics/rows?form=flight&basis=target&from=2027-01-28&to=2027-01-28");
    expect(await screen.findByText(/14.заявок/)).toBeTruthy();
    expect(asked("desk/statistics/rows")).toEqual(["form=flight&basis=target&from=2027-01-28&to=2027-01-28"]);
    fireEvent.click(screen.getByRole("button", { name: "Показать ещё" }));
    await waitFor(() => expect(asked("desk/statistics/rows").at(-1)).toContain("cursor=3"));
  });

  it("none is a sentence", async () => {
    open("/desk/statistics/rows?form=flight", { "GET desk/statistics/rows": f.deskRows("ru", { items: [], next_cursor: null, total: 0 }) });
    expect(await screen.findByText("За этой цифрой заявок сейчас нет.")).toBeTruthy();
  });
});

describe("files", () => {
  const plot: Plot = {
    label: "Направление", series: [{ label: "подано", look: "solid" }],
    marks: [{ key: "a", label: '=HYPERLINK("x")', values: [9] }, { key: "b", label: "Сочи; «юг»", values: [null] }, { key: "c", label: "-1", values: [3.5] }],
  };

  it("hold the figures of the tables", () => {
    const answer = f.questionsAnswer("ru");
    for (const name of NAMES) {
      const panels = panelsOf(name, answer).map((panel) => panel.plot);
      const marks = panels.flatMap((each) => each.marks);
      const numbers = cells(panels).filter((row) => typeof row[1] === "number" || row[1] === null);
      expect(numbers.map((row) => row.slice(1)), name).toEqual(marks.map(({ values }) => values));
    }
  });

  it("a csv opens in a Russian spreadsheet, and runs nothing", () => {
    expect(csv([plot])).toBe('\ufeff"Направление";"подано"\r\n"\'=HYPERLINK(""x"")";9\r\n"Сочи; «юг»";\r\n"\'-1";3,5\r\n');
  });

  it("an xlsx is a zip with one sheet of texts and numbers", () => {
    const text = new TextDecoder().decode(xlsx([plot]));
    expect(text.startsWith("PK\u0003\u0004")).toBe(true);
    expect(text).toContain('<t xml:space="preserve">=HYPERLINK("x")</t>');
    expect(text).toContain("<c><v>9</v></c>");
    expect(text).not.toContain("<f>");
  });

  it("come when they are asked for", async () => {
    open("/desk/statistics");
    await figures();
    const made = vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:x");
    const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
    fireEvent.click(screen.getByRole("button", { name: "Скачать CSV: Когда подают заявки?" }));
    await waitFor(() => expect(click).toHaveBeenCalledOnce());
    expect(await (made.mock.calls[0]?.[0] as Blob).text()).toContain('"5 декабря";46');
  });
});

it("the desk brings its texts itself: it may be opened before the later screens have come", () => {
  const folders = [import.meta.dirname, join(import.meta.dirname, "../../../ui/charts")];
  const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => /(?<!test)\.tsx?$/.test(name)).map((name) => join(folder, name)));
  const said = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\bt\("([\w.]+)"/g)].map(([, key = ""]) => key));
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((key) => !(key in first) && !(key in desk))).toEqual([]);
});
