import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { fireEvent, render, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Role } from "../../../api/types";
import { route, startRouter } from "../../../app/router";
import { user } from "../../../app/session";
import { first } from "../../../i18n/ru/first";
import { desk } from "../../../i18n/ru/desk";
import { fakeBrowser } from "../../../testing/fake-history";
import * as f from "../../../testing/fixtures";
import { calls, problem, type MockRequest, type Routes } from "../../../testing/mock";
import { visit } from "../../../testing/visit";
import { ToastRegion } from "../../../ui/Toast";
import { DeskPage } from "./DeskPage";
import { shownOf } from "./compare";
import { NAMES } from "./plots";
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

describe("the time before", () => {
  const both = f.questionsAnswer("ru", { previous: f.earlier("ru") });

  it("is asked for where somebody wants it, and stays with another period", async () => {
    open("/desk/statistics", { "GET desk/statistics/questions": ({ query }: MockRequest) => (query.get("compare") ? both : f.questionsAnswer("ru")) });
    await figures();
    expect(document.querySelector(".was")).toBeNull();
    fireEvent.change(screen.getByLabelText("Сравнить"), { target: { value: "previous" } });
    await waitFor(() => expect(asked("desk/statistics/questions").at(-1)).toBe("form=flight&compare=previous"));
    expect(plain((await screen.findByText(/Раньше, декабрь 2026: 152 человека/)).textContent)).toMatch(/^Подали 169 человек/);
    fireEvent.change(screen.getByLabelText("Период"), { target: { value: "2" } });
    await waitFor(() => expect(asked("desk/statistics/questions").at(-1)).toBe("form=flight&period=2&compare=previous"));
    fireEvent.change(screen.getByLabelText("Сравнить"), { target: { value: "" } });
    await waitFor(() => expect(route.value.query.toString()).toBe("form=flight&period=2"));
  });

  it("stands in the sentence, the chart and the table, and all say the same", async () => {
    open("/desk/statistics?compare=previous", { "GET desk/statistics/questions": both });
    await figures();
    const demand = document.querySelector(".question.demand") as HTMLElement;
    expect(plain(demand.querySelector("figcaption")?.textContent)).toContain("Раньше, декабрь 2026: Нехватка на 4 из 31 дня");
    expect(plain(demand.querySelector('[data-mark="2027-01-28"] .mark')?.getAttribute("aria-label"))).toBe(
      "28 января 2027, четверг: подано 14, одобрено 8; декабрь 2026: подано 10, одобрено 9",
    );
    expect(demand.querySelectorAll(".picture path.was:not(.under)").length).toBe(31);
    fireEvent.click(within(demand).getByRole("button", { name: /^Показать таблицей/ }));
    await waitFor(() => within(demand).getByRole("table"));
    const heads = [...demand.querySelectorAll("thead th")].map((cell) => plain(cell.textContent));
    expect(heads).toEqual(["Дата", "подано", "одобрено", "подано, декабрь 2026", "одобрено, декабрь 2026"]);
    const line = [...demand.querySelectorAll("tbody tr")][27] as HTMLElement;
    expect([...line.children].map((cell) => plain(cell.textContent)).slice(1)).toEqual(["14", "8", "10", "9"]);
  });

  it("of things that have a name meets its namesake; who is only there is there", () => {
    const [directions] = shownOf("directions", both);
    const marks = directions?.plot.marks ?? [];
    expect(marks.find(({ key }) => key === "hrg")).toMatchObject({ values: [29, 14], before: [21, 20] });
    expect(marks.at(-1)).toMatchObject({ label: "Санья", values: [0, 0], before: [4, 4], href: undefined });
    expect(marks.find(({ key }) => key === "dyr")?.before).toEqual([0, 0]);
  });

  it("of days meets the day in the same place; a day that is only there is not zero here", () => {
    const february = { ...both, questions: { ...both.questions, demand: { ...both.questions.demand, days: both.questions.demand.days.slice(0, 28) } } };
    const [demand] = shownOf("demand", february);
    expect(demand?.plot.marks.length).toBe(31);
    expect(demand?.plot.marks.at(-1)).toMatchObject({ label: "31 декабря 2026, четверг".replace(" ", "\u00a0"), values: [null, null] });
  });

  it("has no part in what is about now", () => {
    for (const name of ["durations", "health"] as const) expect(shownOf(name, both)[0]?.plot.before).toBeUndefined();
    const columns = shownOf("fairness", f.questionsAnswer("ru", { previous: f.earlier("ru", { fairness: { ...f.questions("ru").fairness, rows: [{ code: "syx", label: "Санья", people: [{ approvals: 7, people: 2 }], over: 2 }] } }) }))[0];
    expect(columns?.plot.series.length).toBe(7);
    expect(columns?.plot.marks.every(({ values, before }) => values.length === 7 && before?.length === 7)).toBe(true);
  });

  it("that never was is said", async () => {
    open("/desk/statistics?compare=previous", { "GET desk/statistics/questions": f.questionsAnswer("ru", { previous: null }) });
    expect(await screen.findByText(/Раньше этого периода не было/)).toBeTruthy();
  });
});

describe("files", () => {
  const LINK = { url: "https://bot.example/api/desk/statistics/files/token", expires_at: "2026-11-23T07:07:00Z" };
  const wanted = () => calls.filter(({ path }) => path === "desk/statistics/questions/file").map(({ body }) => body);

  it("are the server's, of exactly what is shown, by a link that carries no session", async () => {
    open("/desk/statistics?compare=previous", {
      "GET desk/statistics/questions": f.questionsAnswer("ru", { previous: f.earlier("ru") }), "POST desk/statistics/questions/file": LINK,
    });
    await figures();
    const opened = vi.fn<(address: string) => void>();
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) { opened(this.href); });
    fireEvent.click(screen.getByRole("button", { name: "Скачать CSV: Когда подают заявки?" }));
    await waitFor(() => expect(opened).toHaveBeenCalledOnce());
    expect(wanted()).toEqual([{ form: "flight", period: 3, compare: "previous", question: "filing", type: "csv" }]);
    expect(opened.mock.calls[0]?.[0]).toMatch(/\/api\/desk\/statistics\/files\/token$/);
    expect(opened.mock.calls[0]?.[0]).not.toContain("test");
  });

  it("a refusal is said in words", async () => {
    open("/desk/statistics", { "POST desk/statistics/questions/file": problem(503, "database_unavailable", { detail: "Сервис скоро вернётся." }) });
    await figures();
    fireEvent.click(screen.getByRole("button", { name: "Скачать Excel: Когда подают заявки?" }));
    render(<ToastRegion />);
    expect(await screen.findByText("Сервис скоро вернётся.")).toBeTruthy();
    expect(wanted()).toEqual([{ form: "flight", period: 3, question: "filing", type: "xlsx" }]);
  });
});

it("the desk brings its texts itself: it may be opened before the later screens have come", () => {
  const folders = [import.meta.dirname, join(import.meta.dirname, "../../../ui/charts")];
  const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => /(?<!test)\.tsx?$/.test(name)).map((name) => join(folder, name)));
  const said = files.flatMap((file) => [...readFileSync(file, "utf8").matchAll(/\bt\("([\w.]+)"/g)].map(([, key = ""]) => key));
  expect(said.length).toBeGreaterThan(20);
  expect(said.filter((key) => !(key in first) && !(key in desk))).toEqual([]);
});
