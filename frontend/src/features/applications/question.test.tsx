import { cleanup, render, screen, waitFor } from "@testing-library/preact";
import { beforeEach, describe, expect, it } from "vitest";

import { startRouter } from "../../app/router";
import { setLocale } from "../../i18n";
import { bodies, keys, open, page, plain, press, server, write } from "../../testing/conversation";
import { fakeBrowser } from "../../testing/fake-history";
import * as v from "../../testing/fixtures/views";
import { mockApi, NO_NETWORK, problem } from "../../testing/mock";
import { goodDay } from "../../testing/state";
import { ApplicationPage } from "./ApplicationPage";

beforeEach(() => {
  localStorage.clear();
  fakeBrowser("#/r/2027-0142");
  startRouter();
});

describe("an open question", () => {
  const asked = v.questionView("ru", { due_at: "2099-11-25T15:00:00Z" });

  it("says what yes would change, and yes is one press that stands on the page at once", async () => {
    let arrive: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrive = resolve));
    open(asked, v.talkedView("ru"), { "POST applications/:number/answer": () => arrival.then(() => v.talkedView("ru")) });
    const card = (await screen.findByRole("heading", { name: "Диспетчер спрашивает" })).parentElement as HTMLElement;
    expect(plain(card.textContent)).toContain("Дата вылета: 15 января 2027, пятница  16 января 2027, суббота");
    expect(plain(card.textContent)).toContain("Ответьте до 25 ноября, 18:00 (МСК)");
    await press(/^Да, 16.января$/);
    expect(page()).toContain("Отправляем…Да, 16 января");
    expect(screen.queryByRole("button", { name: "Нет" })).toBeNull();
    arrive();
    expect(await screen.findByText("Ответ отправлен диспетчеру")).toBeTruthy();
    expect(bodies("answer")).toEqual([{ question: 17, answer: "yes" }]);
    expect(screen.queryByRole("heading", { name: "Диспетчер спрашивает" })).toBeNull();
    expect(page()).toContain("На рассмотрении");
  });

  it("no is one press too", async () => {
    open(asked, v.talkedView("ru"));
    await press("Нет");
    await screen.findByText("Ответ отправлен диспетчеру");
    expect(bodies("answer")).toEqual([{ question: 17, answer: "no" }]);
  });

  it("without a proposal yes names nothing", async () => {
    open(v.questionView("ru", { proposal: null }), v.talkedView("ru"));
    expect(await screen.findByRole("button", { name: "Да" })).toBeTruthy();
    expect(document.querySelector(".asked .changes")).toBeNull();
  });

  it("after its time it may still be answered, and says so", async () => {
    open(v.questionView("ru", { due_at: "2020-01-01T15:00:00Z" }), asked);
    expect(plain((await screen.findByText(/Ответить ещё можно/)).textContent)).toBe("Ответа ждали до 1 января, 18:00 (МСК). Ответить ещё можно.");
  });

  it.each([
    ["", "Напишите, что передать диспетчеру"],
    ["   \n", "Напишите, что передать диспетчеру"],
    ["я".repeat(1_001), "Слишком длинно: уберите 1 символ"],
    ["🛫".repeat(1_005), "Слишком длинно: уберите 5 символов"],
  ])("words that cannot be sent are refused beside the field (%#)", async (text, words) => {
    open(asked, asked);
    await press("Ответить");
    await write("Ваш ответ", text);
    await press("Отправить");
    await waitFor(() => expect(plain(document.querySelector(".field-error")?.textContent)).toContain(words));
    expect(document.activeElement).toBe(screen.getByLabelText("Ваш ответ"));
    expect(bodies("answer")).toEqual([]);
  });

  it("a thousand signs are an answer", async () => {
    open(asked, v.talkedView("ru"));
    await press("Ответить");
    await write("Ваш ответ", ` ${"🛫".repeat(1_000)} `);
    await press("Отправить");
    await screen.findByText("Ответ отправлен диспетчеру");
    expect(bodies("answer")).toEqual([{ question: 17, answer: "text", text: "🛫".repeat(1_000) }]);
  });

  it("words whose way is lost are back in their field, outlive the page, and are said once", async () => {
    open(asked, asked, { "POST applications/:number/answer": NO_NETWORK });
    await press("Ответить");
    await write("Ваш ответ", "Лучше вечером");
    await press("Отправить");
    expect(await screen.findByText(/Нет связи\. Ответ не отправлен/)).toBeTruthy();
    cleanup();
    mockApi({ ...goodDay("ru"), ...server(asked, v.talkedView("ru")) });
    render(<ApplicationPage number={asked.number} />);
    expect((await screen.findByLabelText<HTMLTextAreaElement>("Ваш ответ")).value).toBe("Лучше вечером");
    await press("Отправить");
    await screen.findByText("Ответ отправлен диспетчеру");
    const [lost, found] = keys("answer");
    expect(found).toBe(lost);
    expect(localStorage.length).toBe(0);
  });

  it("other words are another call", async () => {
    open(asked, asked, { "POST applications/:number/answer": NO_NETWORK });
    await press("Нет");
    await screen.findByText(/Нет связи/);
    await press("Нет");
    await waitFor(() => expect(keys("answer").length).toBe(2));
    await screen.findByText(/Нет связи/);
    await press(/^Да, 16.января$/);
    await waitFor(() => expect(keys("answer").length).toBe(3));
    const [first, second, third] = keys("answer");
    expect(first).toBe(second);
    expect(third).not.toBe(first);
  });

  it("one that was closed meanwhile is told in words, with what is true now, and no words are lost", async () => {
    let view = asked;
    open(asked, asked, {
      "GET applications/:number": () => view,
      "POST applications/:number/answer": () => ((view = v.talkedView("ru")), problem(409, "question_closed", { detail: "Этот вопрос уже закрыт." })),
    });
    await press("Ответить");
    await write("Ваш ответ", "Лучше вечером");
    await press("Отправить");
    expect(await screen.findByText("Этот вопрос уже закрыт.")).toBeTruthy();
    await waitFor(() => expect(page()).toContain("На рассмотрении"));
    expect(page()).toContain("Вы написали: «Лучше вечером»");
    expect(screen.queryByRole("button", { name: "Отправить" })).toBeNull();
  });

  it("who may not answer is not asked", async () => {
    open({ ...asked, can: { ...asked.can, answer: false } }, asked);
    await screen.findByRole("heading", { name: "История" });
    expect(screen.queryByRole("heading", { name: "Диспетчер спрашивает" })).toBeNull();
  });

  it("is told in English too", async () => {
    await setLocale("en");
    open(v.questionView("en"), v.talkedView("en"));
    await press(/^Yes, 16.January$/);
    expect(await screen.findByText("Your answer was sent to the dispatcher")).toBeTruthy();
    await setLocale("ru");
  });
});
