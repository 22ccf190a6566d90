import { fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, describe, expect, it } from "vitest";

import { startRouter, route } from "../../app/router";
import { fakeBrowser } from "../../testing/fake-history";
import * as f from "../../testing/fixtures";
import { calls, NO_NETWORK } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { user } from "../../app/session";
import { StatisticsPage } from "./StatisticsPage";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const said = () => plain(document.body.textContent);
const asked = () => calls.filter(({ path }) => path === "statistics").map(({ query }) => query.get("form"));

beforeEach(() => {
  fakeBrowser("#/statistics");
  startRouter();
});

describe("my statistics", () => {
  it("three numbers with their words", async () => {
    visit(<StatisticsPage />);
    const numbers = (await screen.findByRole("heading", { name: "Мои цифры" })).parentElement as HTMLElement;
    const items = within(numbers).getAllByRole("listitem").map((item) => plain(item.textContent));
    expect(items).toEqual(["5 заявок подано", "2 одобрены", "3,1 дня в среднем до решения"]);
  });

  it("each direction with its last approved date, or the word that there is none", async () => {
    visit(<StatisticsPage />);
    await screen.findByText("Магадан");
    expect(said()).toContain("ВладивостокПодано 2, одобрено 1Последняя одобренная дата: 14 декабря 2026");
    expect(said()).toContain("МагаданПодано 2, одобрено 0Одобренных дат пока нет");
  });

  it("says what raises the chance, and what others choose without pointing at anybody", async () => {
    visit(<StatisticsPage />);
    expect(await screen.findByText(/Реже летали в это направление/)).toBeTruthy();
    expect(said()).toContain("Что выбирают сейчас: январь 2027");
    expect(said()).toContain("Ещё 3 варианта выбрали меньше пяти человек, их не показываем.");
  });

  it("before the first application there is a sentence, no zeros", async () => {
    const nothing = f.ownStatistics("ru", { filed: 0, approved: 0, decision_days: null, directions: [], raises: [] });
    visit(<StatisticsPage />, { "GET statistics": nothing });
    expect(await screen.findByText(/Заявок пока нет/)).toBeTruthy();
    expect(document.querySelector(".numbers")).toBeNull();
  });

  it("without a decision there is no average", async () => {
    visit(<StatisticsPage />, { "GET statistics": f.ownStatistics("ru", { decision_days: null }) });
    expect(await screen.findByText("решений пока не было")).toBeTruthy();
    expect(said()).not.toContain("в среднем");
  });

  it("too few people of the open period are not told", async () => {
    const few = { period: "январь 2027", total: null, rows: [], hidden: 2 };
    visit(<StatisticsPage />, { "GET statistics": f.ownStatistics("ru", { public: few }) });
    expect(await screen.findByText(/Заявок пока мало/)).toBeTruthy();
    expect(said()).not.toContain("Всего");
  });

  it("another form is another address", async () => {
    visit(<StatisticsPage />);
    await screen.findByText("Магадан");
    fireEvent.change(await screen.findByLabelText("Форма"), { target: { value: "certificate" } });
    await waitFor(() => expect(asked()).toEqual(["flight", "certificate"]));
    expect(route.value.query.get("form")).toBe("certificate");
  });

  it("what cannot be fetched is said, with a way to try again", async () => {
    visit(<StatisticsPage />, { "GET statistics": NO_NETWORK });
    expect(await screen.findByRole("button", { name: "Повторить" })).toBeTruthy();
    expect(document.querySelector(".skeleton")).toBeNull();
  });

  it("only a dispatcher is shown the way to everybody's figures", async () => {
    visit(<StatisticsPage />);
    await screen.findByText("Магадан");
    expect(screen.queryByRole("link", { name: /Статистика всех заявок/ })).toBeNull();
    visit(<StatisticsPage />);
    if (user.value) user.value = { ...user.value, roles: ["dispatcher"] };
    expect((await screen.findByRole("link", { name: /Статистика всех заявок/ })).getAttribute("href")).toBe("#/desk/statistics");
  });
});
