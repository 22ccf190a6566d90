import { TELEGRAM_MARK } from "./around";
import type { Place, Proof, TabStore } from "./host";

const KEPT = "telegram-launch";

/** Colours of the client's theme, `#rrggbb` under Telegram's own names. */
export type ThemeParams = Readonly<Partial<Record<string, string>>>;

/** What Telegram tells at launch, in the address after `#`. */
interface Told {
  version: string;
  platform: string;
  theme: ThemeParams;
  /** Signed; taken out of what is kept as soon as it is spent. */
  initData: string | null;
  start: string | null;
  account: string | null;
  /** The bot may write to them already. */
  writable: boolean;
  language: string | null;
  /** The signature of the init data that has been spent: a client that loads the first address again brings it again. */
  spent: string | null;
}

/** The launch of this page; of the page before it where this one was only loaded again. */
export class Launch implements Proof {
  private constructor(
    private readonly tab: TabStore,
    private told: Told,
  ) {}

  static read(tab: TabStore): Launch {
    const before = keptIn(tab);
    const told = fromHash(location.hash, before?.spent ?? null) ?? before ?? fromMark();
    const launch = new Launch(tab, told);
    launch.keep();
    launch.cleanAddress();
    return launch;
  }

  get version(): string {
    return this.told.version;
  }

  get platform(): string {
    return this.told.platform;
  }

  get theme(): ThemeParams {
    return this.told.theme;
  }

  /** Tells two accounts on one device apart; it is not checked here and proves nobody. */
  get account(): string | null {
    return this.told.account;
  }

  get mayBeWrittenTo(): boolean {
    return this.told.writable;
  }

  get language(): string | null {
    return this.told.language;
  }

  get place(): Place | null {
    return this.told.start === null ? null : placeOf(this.told.start);
  }

  value(): string | null {
    return this.told.initData;
  }

  spend(): void {
    this.told = { ...this.told, initData: null, spent: signatureOf(this.told.initData) ?? this.told.spent };
    this.keep();
  }

  private keep(): void {
    this.tab.set(KEPT, JSON.stringify(this.told));
  }

  /** What is signed does not stay in the address, from where it could be copied; a route before it does. A mark stays
   *  for a frame that is not allowed to keep anything else. */
  private cleanAddress(): void {
    const [route = ""] = location.hash.split(/[#?&]?tgWebApp/);
    const query = new URLSearchParams(location.search);
    query.set(TELEGRAM_MARK, `${this.version}_${this.platform}`);
    history.replaceState(history.state, "", `${location.pathname}?${query.toString()}${route || "#/"}`);
  }
}

const EMPTY: Told = {
  version: "6.0", platform: "unknown", theme: {}, initData: null, start: null, account: null, writable: false, language: null, spent: null,
};

function fromMark(): Told {
  const [version = "", platform = ""] = (new URLSearchParams(location.search).get(TELEGRAM_MARK) ?? "").split("_");
  return { ...EMPTY, version: versionOf(version), platform };
}

/** A route of ours may stand before the parameters: `#/me?tgWebAppData=…`. */
function fromHash(hash: string, spent: string | null): Told | null {
  const params = new URLSearchParams(hash.replace(/^.*?(?=tgWebApp)/, ""));
  const initData = params.get("tgWebAppData");
  const version = params.get("tgWebAppVersion");
  if (initData === null && version === null) return null;
  const signed = new URLSearchParams(initData ?? "");
  const user = facts(signed.get("user"));
  const isSpent = spent !== null && signatureOf(initData) === spent;
  return {
    version: versionOf(version),
    platform: params.get("tgWebAppPlatform") ?? EMPTY.platform,
    theme: coloursIn(facts(params.get("tgWebAppThemeParams"))),
    initData: isSpent || !initData ? null : initData,
    start: params.get("tgWebAppStartParam") ?? signed.get("start_param"),
    account: typeof user.id === "number" || typeof user.id === "string" ? String(user.id) : null,
    writable: user.allows_write_to_pm === true,
    language: typeof user.language_code === "string" ? user.language_code.slice(0, 2) : null,
    spent,
  };
}

function versionOf(told: string | null): string {
  return told && /^\d+(\.\d+)*$/.test(told) ? told : EMPTY.version;
}

export function coloursIn(theme: Record<string, unknown>): ThemeParams {
  return Object.fromEntries(Object.entries(theme).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
}

/** `r_2027-0142` → the application; names and ids of `links.ts`, in the alphabet that Telegram allows. */
export function placeOf(start: string): Place {
  const [, to = "", id] = /^([^_]*)(?:_(.*))?$/.exec(start) ?? [];
  return { to, id };
}

/** The other way round; null for what `startapp` cannot carry. */
export function startOf({ to, id }: Place): string | null {
  const start = id ? `${to}_${id}` : to;
  return /^[\w-]{1,512}$/.test(start) ? start : null;
}

function keptIn(tab: TabStore): Told | null {
  const kept = facts(tab.get(KEPT));
  return typeof kept.version === "string" ? { ...EMPTY, ...(kept as Partial<Told>) } : null;
}

function signatureOf(initData: string | null): string | null {
  return new URLSearchParams(initData ?? "").get("hash");
}

function facts(json: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
