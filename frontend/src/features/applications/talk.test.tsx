import { screen, waitFor, within } from "@testing-library/preact";
import { beforeEach, describe, expect, it } from "vitest";

import { startRouter } from "../../app/router";
import { bodies, open, page, plain, press, said, write } from "../../testing/conversation";
import { fakeBrowser } from "../../testing/fake-history";
import * as v from "../../testing/fixtures/views";
import { calls, problem } from "../../testing/mock";

beforeEach(() => {
  localStorage.clear();
  fakeBrowser("#/r/2027-0142");
  startRouter();
});

describe("a seat that has become free", () => {
  const SOON = new Date(Date.now() + 3_600_000).toISOString();
  const offered = v.offerView("ru", SOON);
  const decided = { ...v.approvedView("ru"), number: offered.number };

  it("is taken by one press", async () => {
    open(offered, decided);
    expect(plain((await screen.findByText(/^Подтвердите до/)).textContent)).toMatch(/\(МСК\), через (1 час|60 минут|59 минут)$/);
    await press("Беру");
    expect(plain((await screen.findByText(/^Место за вами/)).textContent)).toBe("Место за вами: Сочи, 3 ноября");
    expect(bodies("take")).toEqual([{ offer: 5 }]);
    expect(screen.queryByRole("button", { name: "Беру" })).toBeNull();
  });

  it("is given up only after a second word, and the application stays on the list", async () => {
    open(offered, { ...offered, offer: null });
    await press("Не смогу");
    expect(bodies("decline-offer")).toEqual([]);
    await press("Отказаться от места");
    expect(await screen.findByText("Вы отказались от этого места и остались в резерве")).toBeTruthy();
    expect(bodies("decline-offer")).toEqual([{ offer: 5 }]);
  });

  it("gone meanwhile: words of the server, and no seat that is not there", async () => {
    let view = offered;
    open(offered, offered, {
      "GET applications/:number": () => view,
      "POST applications/:number/take": () => ((view = { ...offered, offer: null }), problem(409, "offer_closed", { detail: "Срок подтверждения прошёл." })),
    });
    await press("Беру");
    expect(await screen.findByText("Срок подтверждения прошёл.")).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole("button", { name: "Беру" })).toBeNull());
    expect(page()).toContain("В резерве");
    expect(page()).not.toContain("Место за вами");
  });

  it("at its moment the buttons go by themselves and the server is asked", async () => {
    open(v.offerView("ru", new Date(Date.now() + 500).toISOString()), offered);
    await screen.findByRole("button", { name: "Беру" });
    const before = calls.length;
    await waitFor(() => expect(screen.queryByRole("button", { name: "Беру" })).toBeNull(), { timeout: 3_000 });
    await waitFor(() => expect(calls.slice(before).some(({ method, path }) => method === "GET" && path === `applications/${offered.number}`)).toBe(true));
  });
});

describe("a message to the desk", () => {
  const rejected = v.askableView("ru");
  const asked = { ...rejected, thread: [{ from: "owner" as const, kind: "message" as const, text: "Почему 4-я?", at: "2026-11-23T07:00:00Z", name: null }] };

  it("is asked under the decision and stands in the history", async () => {
    open(rejected, asked);
    await press("Спросить");
    await write("Ваш вопрос", "Почему 4-я?");
    await press("Отправить");
    expect(await screen.findByText("Вопрос отправлен диспетчеру")).toBeTruthy();
    expect(bodies("ask")).toEqual([{ text: "Почему 4-я?" }]);
    expect(said().at(-1)).toEqual(["Ваше сообщение", "Почему 4-я?"]);
    expect(await screen.findByRole("button", { name: "Спросить" })).toBeTruthy();
  });

  it("one too many is refused in words and kept", async () => {
    open(rejected, asked, { "POST applications/:number/ask": problem(429, "too_many_messages", { detail: "Сегодня больше писать нельзя." }) });
    await press("Спросить");
    await write("Ваш вопрос", "Почему?");
    await press("Отправить");
    await waitFor(() => expect(plain(document.querySelector(".field-error")?.textContent)).toContain("Сегодня больше писать нельзя."));
    expect(screen.getByLabelText<HTMLTextAreaElement>("Ваш вопрос").value).toBe("Почему?");
  });

  it("is closed without a word", async () => {
    open(rejected, asked);
    await press("Спросить");
    await press("Отменить");
    expect(await screen.findByRole("button", { name: "Спросить" })).toBeTruthy();
    expect(bodies("ask")).toEqual([]);
  });
});

describe("the history", () => {
  it("has events and words in one order, each once", async () => {
    open(v.talkedView("ru"), v.talkedView("ru"));
    await screen.findByRole("heading", { name: "История" });
    expect(said()).toEqual([
      ["Отправлена", ""],
      ["Вопрос диспетчера", "На 15 января мест уже нет. Подойдёт ли 16 января?"],
      ["Ваш ответ", "Да, 16 января"],
      ["Ваше сообщение", "А 17-го рейс есть?\nМожно и вечером."],
      ["Ответ диспетчера", "17-го рейса нет, ближайший 19 января."],
      ["Решение центра планирования", ""],
    ]);
    const answer = document.querySelectorAll<HTMLElement>(".timeline > li")[2] as HTMLElement;
    expect(plain(within(answer).getByRole("list").textContent)).toContain("16 января 2027, суббота");
  });

  it("of a copy that a former version has left is there too", async () => {
    const { question: _question, offer: _offer, thread: _thread, ...old } = v.rejectedView("ru");
    open(old, old);
    expect(await screen.findByRole("heading", { name: "Решение и причина" })).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Спросить" })).toBeNull();
  });
});
