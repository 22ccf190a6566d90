import { computed, effect, signal } from "@preact/signals";
import { on, postEvent, setTargetOrigin, supports, type MethodName } from "@tma.js/bridge";

import { isFramed } from "./around";
import { covers } from "./guard";
import type { Theme } from "./host";
import { clamp, OURS, schemeOf, type Palette, type Token } from "./telegram-colours";
import { coloursIn, type Launch, type ThemeParams } from "./telegram-launch";

const WEB = "https://web.telegram.org";
type Version = `${number}.${number}`;

/** The Telegram client around the page: what it is told, and what it tells. Nothing it is asked ever answers. */
export class TelegramClient {
  readonly shown = signal(true);
  private readonly colours;
  /** Null until the client has named a background. */
  readonly scheme;
  private readonly palette;
  private readonly back = new Set<() => void>();

  constructor(
    private readonly launch: Launch,
    private readonly fallback: () => Theme,
    ancestors: readonly string[],
  ) {
    if (isFramed()) setTargetOrigin(originAround(ancestors));
    this.colours = signal<ThemeParams>(launch.theme);
    this.scheme = computed(() => schemeOf(this.colours.value));
    this.palette = computed(() => (this.scheme.value ? clamp(this.colours.value, this.scheme.value) : null));
    this.listen();
    this.open();
    effect(() => this.dress(this.palette.value));
  }

  /** Says it to a client that knows the method; an older one is left alone. */
  tell(method: MethodName, params?: object): boolean {
    if (!supports(method, this.launch.version as Version)) return false;
    try {
      postEvent(method as never, params as never);
      return true;
    } catch {
      return false;
    }
  }

  onBack(listener: () => void): () => void {
    this.back.add(listener);
    return () => this.back.delete(listener);
  }

  private open(): void {
    if (isFramed()) this.tell("iframe_ready", { reload_supported: true });
    this.tell("web_app_ready");
    this.tell("web_app_expand");
    // A downward swipe scrolls the form: it may not close it.
    this.tell("web_app_setup_swipe_behavior", { allow_vertical_swipe: false });
    this.tell("web_app_request_viewport");
    this.tell("web_app_request_safe_area");
    this.tell("web_app_request_content_safe_area");
  }

  private listen(): void {
    on("theme_changed", ({ theme_params }) => (this.colours.value = coloursIn(theme_params as Record<string, unknown>)));
    on("back_button_pressed", () => this.back.forEach((tell) => tell()));
    on("visibility_changed", ({ is_visible }) => (this.shown.value = is_visible));
    on("safe_area_changed", (insets) => setInsets("--tg-safe-area-inset", insets));
    on("content_safe_area_changed", (insets) => setInsets("--tg-content-safe-area-inset", insets));
    on("viewport_changed", ({ height, is_state_stable }) => is_state_stable && setHeight(height));
    on("reload_iframe", () => {
      this.tell("iframe_will_reload");
      location.reload();
    });
  }

  /** The client's colours become our tokens, and the client's own bars get the colours that the page has in the end. */
  private dress(palette: Palette | null): void {
    const { style } = document.documentElement;
    const ours: Palette = OURS[this.scheme.peek() ?? this.fallback()];
    for (const name of Object.keys(ours) as Token[]) {
      if (palette && palette[name] !== ours[name]) style.setProperty(`--${name}`, palette[name]);
      else style.removeProperty(`--${name}`);
    }
    const { bg, surface } = palette ?? ours;
    this.tell("web_app_set_background_color", { color: bg });
    if (supports("web_app_set_header_color", "color", this.launch.version as Version)) {
      this.tell("web_app_set_header_color", { color: bg });
    }
    this.tell("web_app_set_bottom_bar_color", { color: surface });
  }
}

/** Messages go to the page that frames us, if it is one that may; else to Telegram's own, where they get lost. */
function originAround(ancestors: readonly string[]): string {
  const around = "ancestorOrigins" in location ? location.ancestorOrigins[0] : originOf(document.referrer);
  return around && ancestors.some((each) => covers(each, around)) ? around : WEB;
}

function originOf(address: string): string | undefined {
  return /^https?:\/\/[^/]+/.exec(address)?.[0];
}

function setInsets(name: string, insets: object): void {
  for (const [side, value] of Object.entries(insets)) {
    if (typeof value === "number") document.documentElement.style.setProperty(`${name}-${side}`, `${value}px`);
  }
}

/** A sheet that is not drawn up hides the foot of the page: what is fixed there moves up by so much. */
function setHeight(height: number): void {
  const { style } = document.documentElement;
  style.setProperty("--tg-viewport-stable-height", `${height}px`);
  style.setProperty("--tg-hidden", `${Math.max(0, innerHeight - height)}px`);
}
