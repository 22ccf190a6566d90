import type { Locale, PatchPreferences, Role } from "../api/types";
import * as fixtures from "./fixtures";
import type { Routes } from "./mock";

/** One picture of the app: where it stands, what the server says, what the device remembers. */
export interface State {
  /** A route such as `/r/2027-0142`; home when left out. */
  route?: string;
  /** More of the address than the gallery's own: `platform=web`. */
  query?: string;
  /** The server's business clock. */
  now?: string;
  /** On top of a well-behaved server with a returning employee. */
  api?: Routes;
  /** False: the device itself knows that there is no network. */
  online?: boolean;
  /** Who is looking; an employee when left out. */
  roles?: Role[];
  /** False: nobody is signed in. */
  signedIn?: boolean;
  /** The device's copies of answers, by name as in `app/data.ts`: «info», «applications:recent», «periods:flight». */
  cached?: Record<string, unknown>;
  /** Values of `localStorage`, without the person's prefix: «draft:flight», «queue». */
  local?: Record<string, unknown>;
  /** What the gateway writes into the page. */
  config?: Record<string, unknown>;
  /** Presses and keys after the first drawing. `settle` waits until the page is quiet. */
  play?: (page: HTMLElement, settle: () => Promise<void>) => void | Promise<void>;
}

/** States in one language; their names are the gallery's addresses: «home.offline». */
export type States = Record<string, (locale: Locale) => State>;

/** The server of a good day. */
export function goodDay(locale: Locale, now = fixtures.NOW, roles: Role[] = ["employee"]): Routes {
  const january = fixtures.january(locale);
  const period = { flight: january, certificate: null };
  const forms = { flight: fixtures.flight(locale), certificate: fixtures.certificate(locale) };
  const which = ({ query }: { query: URLSearchParams }) => (query.get("form") === "certificate" ? "certificate" : "flight");
  return {
    "POST session": { access_token: "test", token_type: "Bearer", expires_in: 3600, user: fixtures.user(locale) },
    "DELETE session": null,
    "GET info": fixtures.info(locale, { server_time: now, user: fixtures.user(locale, { roles }) }),
    "GET me": fixtures.me(locale),
    "PATCH me": fixtures.me(locale),
    "GET periods": fixtures.periods([january, fixtures.february(locale)], now),
    "GET form": (request: { query: URLSearchParams }) =>
      fixtures.formResponse(forms[which(request)], period[which(request)]),
    "GET applications": fixtures.history(locale),
    "GET draft": { draft: null },
    "PUT draft": ({ body }: { body: object }) => ({
      draft: { ...body, version: 1, updated_at: fixtures.NOW, channel: "browser" },
      merged: false,
    }),
    "DELETE draft": null,
    "POST applications/:number/seen": null,
    "GET me/notifications": fixtures.preferences(),
    "PATCH me/notifications": ({ body }: { body: PatchPreferences }) => fixtures.patched(fixtures.preferences(), body),
    "GET periods/4/reminder": fixtures.reminder(),
    "PUT periods/4/reminder": ({ body }: { body: { choice: "wanted" } }) => fixtures.reminder(body.choice),
    "GET links": fixtures.links(),
    "POST link-code": () => fixtures.linkCode(),
    "POST links": { links: [fixtures.link("express"), fixtures.link("telegram", { removable: true })], session: null },
    "DELETE links/telegram": fixtures.links(),
    "GET statistics": fixtures.ownStatistics(locale),
    "GET desk/statistics/questions": fixtures.questionsAnswer(locale),
    "GET desk/statistics/rows": fixtures.deskRows(locale),
    "POST telemetry": null,
  };
}
