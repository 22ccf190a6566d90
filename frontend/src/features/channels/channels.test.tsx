import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { config } from "../../app/config";
import { sessionState, user } from "../../app/session";
import { startRouter } from "../../app/router";
import { fakeBrowser } from "../../testing/fake-history";
import * as f from "../../testing/fixtures";
import { calls, problem } from "../../testing/mock";
import { visit } from "../../testing/visit";
import { ToastRegion } from "../../ui/Toast";
import { ChannelsSection } from "./ChannelsSection";
import { GuestPage } from "./GuestPage";

const button = (name: string | RegExp) => screen.findByRole("button", { name });
const field = () => screen.findByLabelText("Код из 6 цифр");
const said = () => document.body.textContent.replace(/\u00a0/g, " ");
const asked = (method: string, path: string) => calls.filter((call) => call.method === method && call.path === path);

beforeEach(() => {
  fakeBrowser();
  startRouter();
  Object.assign(config, { telegram: { chat: "https://t.me/requests_bot", app: null }, express_bot_id: "bot" });
});
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

async function enter(code: string): Promise<void> {
  fireEvent.input(await field(), { target: { value: code } });
  fireEvent.click(await button("Связать"));
}

describe("linked channels", () => {
  it("names those there are, and offers the missing one", async () => {
    visit(<ChannelsSection />);
    expect(await screen.findByText("eXpress")).toBeTruthy();
    expect(await button("Подключить Telegram")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Отключить/ })).toBeNull();
  });

  it("offers nothing that the house does not have", async () => {
    Object.assign(config, { telegram: null });
    visit(<ChannelsSection />);
    expect(await screen.findByText("eXpress")).toBeTruthy();
    expect(screen.queryByRole("button")).toBeNull();
    expect(screen.queryByText("Ввести код из другого мессенджера")).toBeNull();
  });

  it("shows a code, where to bring it and how long it counts", async () => {
    visit(<ChannelsSection />);
    fireEvent.click(await button("Подключить Telegram"));
    expect((await screen.findByText(/482.913/)).getAttribute("aria-label")).toBe("4 8 2 9 1 3");
    expect(said()).toContain("Откройте нашего бота в Telegram и отправьте ему этот код.");
    expect(said()).toMatch(/Действует ещё (10:00|9:5\d)/);
    expect(screen.getByRole("link", { name: "Открыть бота в Telegram" }).getAttribute("href")).toBe("https://t.me/requests_bot");
    expect(asked("POST", "link-code")[0]?.headers.get("Idempotency-Key")).toBeTruthy();
  });

  it("counts down, and offers a new code when it is over", async () => {
    visit(<ChannelsSection />, { "POST link-code": f.linkCode(61) });
    const ask = await button("Подключить Telegram");
    vi.useFakeTimers();
    fireEvent.click(ask);
    await vi.waitFor(() => expect(said()).toContain("1:01"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(said()).toContain("0:59");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said()).toContain("Код больше не действует.");
    expect(said()).not.toContain("482");
  });

  it("sees that the code was entered on the other side", async () => {
    let links = f.links();
    visit(<><ChannelsSection /><ToastRegion /></>, { "GET links": () => links });
    const ask = await button("Подключить Telegram");
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    fireEvent.click(ask);
    await vi.waitFor(() => expect(said()).toContain("482"));
    links = f.links(f.link("express"), f.link("telegram", { removable: true }));
    await vi.advanceTimersByTimeAsync(4_100);
    await vi.waitFor(() => expect(said()).toContain("Telegram подключён"));
    expect(said()).not.toContain("482");
  });

  it("says why there is no code", async () => {
    visit(<ChannelsSection />, { "POST link-code": problem(429, "too_many_attempts", { detail: "Слишком много попыток." }) });
    fireEvent.click(await button("Подключить Telegram"));
    expect((await screen.findByRole("alert")).textContent).toContain("Слишком много попыток.");
  });

  it("takes a code as it was pasted", async () => {
    visit(<><ChannelsSection /><ToastRegion /></>);
    await enter(" 482 913 ");
    await waitFor(() => expect(said()).toContain("Telegram подключён"));
    expect(asked("POST", "links")[0]?.body).toEqual({ code: "482913" });
    expect(await button("Отключить Telegram")).toBeTruthy();
  });

  it.each([["", "Введите код из 6 цифр"], ["4829", "В коде 6 цифр, сейчас 4"]])("%j is told beside the field, and not sent", async (code, words) => {
    visit(<ChannelsSection />);
    await enter(code);
    expect(said()).toContain(words);
    expect((await field()).getAttribute("aria-invalid")).toBe("true");
    expect(asked("POST", "links")).toEqual([]);
    fireEvent.input(await field(), { target: { value: "482913" } });
    expect((await field()).getAttribute("aria-invalid")).toBeNull();
  });

  it("keeps a code that was refused, with the server's words", async () => {
    visit(<ChannelsSection />, { "POST links": problem(409, "code_expired", { detail: "Код больше не действует." }) });
    await enter("111111");
    await waitFor(() => expect(said()).toContain("Код больше не действует."));
    expect(((await field()) as HTMLInputElement).value).toBe("111111");
  });

  it("asks before a channel goes", async () => {
    HTMLDialogElement.prototype.showModal = vi.fn();
    visit(<><ChannelsSection /><ToastRegion /></>, { "GET links": f.links(f.link("express"), f.link("telegram", { removable: true })) });
    fireEvent.click(await button("Отключить Telegram"));
    fireEvent.click(screen.getByText("Оставить"));
    expect(asked("DELETE", "links/telegram")).toEqual([]);
    fireEvent.click(await button("Отключить Telegram"));
    const really = screen.getAllByText("Отключить Telegram").at(-1);
    if (really) fireEvent.click(really);
    await waitFor(() => expect(said()).toContain("Telegram отключён"));
    expect(asked("DELETE", "links/telegram")).toHaveLength(1);
    expect(await button("Подключить Telegram")).toBeTruthy();
  });
});

describe("a guest of Telegram", () => {
  const guest = f.user("ru", { id: "guest", roles: [] });

  function arrive(routes = {}) {
    visit(<><GuestPage /><ToastRegion /></>, routes);
    user.value = guest;
    sessionState.value = "guest";
  }

  it("enters the code of eXpress and is in", async () => {
    const session = { access_token: "t", token_type: "Bearer", expires_in: 60, user: f.user("ru") };
    arrive({ "POST links": { links: [], session } });
    await enter("482913");
    await waitFor(() => expect(sessionState.value).toBe("in"));
    expect(user.value?.short_name).toBe("Воронцова А. С.");
  });

  it("shows a code for eXpress, and looks again when asked", async () => {
    let who = guest;
    arrive({ "GET info": () => ({ ...f.info("ru"), user: who }) });
    fireEvent.click(await button("Получить код"));
    await waitFor(() => expect(said()).toContain("В eXpress откройте приложение"));
    fireEvent.click(await button("Проверить ещё раз"));
    await waitFor(() => expect(said()).toContain("Пока не связано."));
    expect(sessionState.value).toBe("guest");
    who = f.user("ru");
    fireEvent.click(await button("Проверить ещё раз"));
    await waitFor(() => expect(sessionState.value).toBe("in"));
  });

  it("asks the server for nothing that is not theirs", async () => {
    arrive();
    await button("Получить код");
    expect(calls).toEqual([]);
  });
});

it("draws nothing while nobody knows", () => {
  render(<ChannelsSection />);
  expect(screen.queryByRole("button")).toBeNull();
});
