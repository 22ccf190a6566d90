import { signal } from "@preact/signals";

import { api } from "../api/client";
import { ApiError } from "../api/errors";
import { lendCredentials } from "../api/transport";
import type { Persona, Session, SessionRequest, User } from "../api/types";
import { locale } from "../i18n";
import { host } from "../platform";
import { config } from "./config";
import { setOwner } from "./data";

/** `out` asks for a sign-in; `failed` could not reach the server and knows nobody from before. */
export type SessionState = "starting" | "in" | "out" | "failed";

export const sessionState = signal<SessionState>("starting");
export const sessionError = signal<ApiError | null>(null);
export const user = signal<User | null>(null);

/** How this device signs in without asking. A password is never kept: a local account is asked again. */
interface Remembered {
  user: User;
  persona?: Persona;
}

const TOKEN = "token";
const REMEMBERED = "session";
let token: string | null = null;
let renewing: Promise<boolean> | null = null;

export async function startSession(): Promise<void> {
  lendCredentials({ token: () => token, renew, language: () => locale.peek() });
  token = host.tab.get(TOKEN);
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  if (!remembered) return void (sessionState.value = "out");
  if (token) return enter(remembered.user);
  await silently(remembered);
}

/** Signs in by what the person chose; throws `ApiError` for the sign-in page to show. */
export async function signIn(request: SessionRequest): Promise<void> {
  const session = await api.signIn(request);
  await keep(session, request.provider === "demo" ? { persona: request.persona } : {});
  enter(session.user);
}

/** Ends the session here and on the server. The person's drafts stay on this device, under their own id. */
export async function signOut(): Promise<void> {
  await api.signOut().catch(() => null);
  token = null;
  host.tab.set(TOKEN, null);
  await host.storage.remove(REMEMBERED);
  user.value = null;
  sessionState.value = "out";
}

/** The server tells who the person is with every `info`: name, roles and profile may have changed. */
export async function learnUser(known: User): Promise<void> {
  user.value = known;
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  if (remembered) await host.storage.set(REMEMBERED, { ...remembered, user: known });
}

/** Called by the transport on 401: many calls may fail at once, one sign-in serves them all. */
function renew(): Promise<boolean> {
  return (renewing ??= again().finally(() => (renewing = null)));
}

async function again(): Promise<boolean> {
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  token = null;
  host.tab.set(TOKEN, null);
  if (remembered?.persona && demoAllowed()) {
    try {
      await keep(await api.signIn({ provider: "demo", persona: remembered.persona }), { persona: remembered.persona });
      return true;
    } catch (failure) {
      if (failure instanceof ApiError && failure.network) return false;
    }
  }
  sessionState.value = "out";
  return false;
}

async function silently(remembered: Remembered): Promise<void> {
  if (!remembered.persona || !demoAllowed()) return void (sessionState.value = "out");
  try {
    const session = await api.signIn({ provider: "demo", persona: remembered.persona });
    await keep(session, { persona: remembered.persona });
    enter(session.user);
  } catch (failure) {
    // No network: what the device knows is shown, the next call that gets through signs in.
    if (failure instanceof ApiError && (failure.network || failure.status >= 500)) enter(remembered.user);
    else sessionState.value = "out";
  }
}

async function keep(session: Session, how: { persona?: Persona }): Promise<void> {
  token = session.access_token;
  host.tab.set(TOKEN, token);
  await host.storage.set(REMEMBERED, { user: session.user, ...how } satisfies Remembered);
}

function enter(known: User): void {
  setOwner(known.id);
  user.value = known;
  sessionState.value = "in";
}

function demoAllowed(): boolean {
  return config.providers.includes("demo");
}
