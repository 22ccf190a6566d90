import { on } from "@tma.js/bridge";

import type { TelegramClient } from "./telegram-client";

/** Under this height Telegram's own button saves the room that our bar would take (ux.md B9). */
const LOW_PX = 420;
const BAR = ".bar:not([hidden]) .btn.primary";
const WATCHED = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["hidden", "aria-busy"] };

/** In a low window without the keyboard the bar's button is Telegram's: same words, same press. */
export class MainButton {
  private height = Infinity;
  private said = "";
  private readonly watch = new MutationObserver(() => this.follow());

  constructor(private readonly client: TelegramClient) {
    on("viewport_changed", ({ height, is_state_stable }) => is_state_stable && this.measure(height));
    on("main_button_pressed", () => document.querySelector<HTMLElement>(BAR)?.click());
    document.addEventListener("focusin", () => this.follow());
    document.addEventListener("focusout", () => setTimeout(() => this.follow()));
  }

  private measure(height: number): void {
    this.height = height;
    this.watch.disconnect();
    if (height < LOW_PX) this.watch.observe(document.body, WATCHED);
    this.follow();
  }

  private follow(): void {
    const button = this.height < LOW_PX && !isWriting() ? document.querySelector<HTMLElement>(BAR) : null;
    const looks = button ? looksOf(button) : { is_visible: false };
    const words = JSON.stringify(looks);
    if (words === this.said || (!this.said && !button)) return;
    this.said = words;
    const isTold = this.client.tell("web_app_setup_main_button", looks);
    document.documentElement.toggleAttribute("data-native-bar", button !== null && isTold);
  }
}

function looksOf(button: HTMLElement): object {
  const { backgroundColor, color } = getComputedStyle(button);
  const isBusy = button.getAttribute("aria-busy") === "true";
  return {
    is_visible: true,
    is_active: !isBusy,
    is_progress_visible: isBusy,
    text: button.textContent.trim(),
    ...hexOf("color", backgroundColor),
    ...hexOf("text_color", color),
  };
}

/** Telegram takes `#rrggbb` only. */
function hexOf(name: string, colour: string): object {
  const channels = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)?.slice(1) ?? [];
  const hex = channels.map((channel) => Number(channel).toString(16).padStart(2, "0")).join("");
  return hex.length === 6 ? { [name]: `#${hex}` } : {};
}

/** The keyboard is up, or about to be. */
function isWriting(): boolean {
  const focused = document.activeElement;
  if (focused instanceof HTMLTextAreaElement) return true;
  return focused instanceof HTMLInputElement && !["radio", "checkbox"].includes(focused.type);
}
