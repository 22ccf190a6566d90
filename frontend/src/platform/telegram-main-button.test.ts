import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { FakeTelegram, leaveTelegram, openedInTelegram } from "../testing/telegram";

let telegram: FakeTelegram;
const pressed = vi.fn();
const setups = () => telegram.calls("web_app_setup_main_button");
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(async () => {
  telegram = new FakeTelegram();
  document.body.innerHTML = `<input id="text" /><div class="bar"><button class="btn primary">Отправить: Сочи, 15 января</button></div>`;
  document.querySelector(".btn")?.addEventListener("click", pressed);
  await openedInTelegram();
});
afterEach(() => {
  leaveTelegram();
  document.body.innerHTML = "";
  document.documentElement.removeAttribute("data-native-bar");
});

function becomes(height: number): void {
  telegram.push("viewport_changed", { height, width: 390, is_expanded: true, is_state_stable: true });
}

describe("Telegram's main button (ux.md B9)", () => {
  it("is left alone in a window that has room for our bar", () => {
    becomes(700);
    expect(setups()).toEqual([]);
    expect(document.documentElement.hasAttribute("data-native-bar")).toBe(false);
  });

  it("takes the place of our bar in a low window, with its words and its press", () => {
    becomes(400);
    expect(setups()).toMatchObject([{ is_visible: true, is_active: true, text: "Отправить: Сочи, 15 января" }]);
    expect(document.documentElement.hasAttribute("data-native-bar")).toBe(true);
    telegram.push("main_button_pressed");
    expect(pressed).toHaveBeenCalledOnce();
  });

  it("follows what the button says, and goes with it", async () => {
    becomes(400);
    const button = document.querySelector(".btn");
    if (button) button.textContent = "Отправляем…";
    button?.setAttribute("aria-busy", "true");
    await settled();
    expect(setups().at(-1)).toMatchObject({ text: "Отправляем…", is_active: false, is_progress_visible: true });
    document.querySelector(".bar")?.remove();
    await settled();
    expect(setups().at(-1)).toEqual({ is_visible: false });
  });

  it("is not there while somebody writes, nor after the window has grown", async () => {
    becomes(400);
    document.querySelector<HTMLElement>("#text")?.focus();
    await settled();
    expect(setups().at(-1)).toEqual({ is_visible: false });
    document.querySelector<HTMLElement>("#text")?.blur();
    await settled();
    expect(setups().at(-1)).toMatchObject({ is_visible: true });
    becomes(700);
    expect(setups().at(-1)).toEqual({ is_visible: false });
    expect(document.documentElement.hasAttribute("data-native-bar")).toBe(false);
  });
});
