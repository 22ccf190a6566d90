import { signal } from "@preact/signals";

import { api } from "../api/client";
import { ApiError } from "../api/errors";
import { lendCredentials } from "../api/transport";
import type { Persona, Session, SessionRequest, User } from "../api/types";
import { locale } from "../i18n";
import { host } from "../platform";
import { config } from "./config";
import { forgetCopies, setOwner } from "./data";

export type SessionState = "starting" | "in" | "out";

export const sessionState = signal<SessionState>("starting");
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
let signingIn: Promise<void> = Promise.resolve();

/** A person this device remembers is let in at once, to the copies of the last visit; the sign-in goes on behind. */
export async function startSession(): Promise<void> {
  lendCredentials({ token: () => signingIn.then(() => token), renew, language: () => locale.peek() });
  token = host.tab.get(TOKEN);
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  if (!remembered) return void (sessionState.value = "out");
  if (!token && !canSilently(remembered)) return void (sessionState.value = "out");
  enter(remembered.user);
  if (!token) signingIn = silently(remembered);
}

/** Signs in by what the person chose; throws `ApiError` for the sign-in page to show. */
export async function signIn(request: SessionRequest): Promise<void> {
  const session = await api.signIn(request);
  await keep(session, request.provider === "demo" ? { persona: request.persona } : {});
  enter(session.user);
}

/** Ends the session here and on the server. What was typed stays on this device, under the person's own id; copies of
 *  the server's answers go. */
export async function signOut(): Promise<void> {
  await api.signOut().catch(() => null);
  await forgetCopies();
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
  if (remembered && canSilently(remembered)) await silently(remembered);
  else sessionState.value = "out";
  return host.tab.get(TOKEN) !== null;
}

function canSilently(remembered: Remembered): boolean {
  return remembered.persona !== undefined && config.providers.includes("demo");
}

async function silently({ persona }: Remembered): Promise<void> {
  if (!persona) return;
  try {
    const session = await api.signIn({ provider: "demo", persona });
    await keep(session, { persona });
    enter(session.user);
  } catch (failure) {
    if (!mayPass(failure)) sessionState.value = "out";
  }
}

/** No network or a busy server is no reason to ask the person who they are. */
function mayPass(failure: unknown): boolean {
  return failure instanceof ApiError && (failure.network || failure.status >= 500 || failure.status === 429);
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
