import { signal } from "@preact/signals";

import { api } from "../api/client";
import { ApiError, networkError } from "../api/errors";
import { lendCredentials } from "../api/transport";
import type { Persona, Session, SessionRequest, User } from "../api/types";
import { locale } from "../i18n";
import { host } from "../platform";
import { config } from "./config";
import { forgetCopies, setOwner } from "./data";

/** A guest is somebody whom a messenger has proven and nobody knows yet: they may only say who they are. */
export type SessionState = "starting" | "in" | "guest" | "out";

export const sessionState = signal<SessionState>("starting");
export const user = signal<User | null>(null);
/** Why nobody is in, where the messenger and the server should have settled it between them. */
export const signInFailure = signal<unknown>(null);

/** How this device signs in without asking. A password is never kept: a local account is asked again. */
interface Remembered {
  user: User;
  persona?: Persona;
  /** The messenger's own id of the person: another account on this device is somebody else. */
  account?: string | null;
}

const TOKEN = "token";
const REMEMBERED = "session";
/** A messenger's session ends at its time whatever is done in it: the next one is fetched a minute before. */
const RENEW_BEFORE_MS = 60_000;
let token: string | null = null;
let dueAt = Infinity;
let endsAt = Infinity;
let renewing: Promise<boolean> | null = null;
let signingIn: Promise<void> = Promise.resolve();

/** A person this device remembers is let in at once, to the copies of the last visit; the sign-in goes on behind. */
export async function startSession(): Promise<void> {
  lendCredentials({ token: tokenForHttp, renew, language: () => locale.peek() });
  if (host.carrier || host.proof) return startVouched();
  token = host.tab.get(TOKEN);
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  if (!remembered) return void (sessionState.value = "out");
  if (!token && !canSilently(remembered)) return void (sessionState.value = "out");
  enter(remembered.user);
  if (!token) signingIn = silently(remembered);
}

/** In a messenger nobody is asked (E0): it vouches for the person, and the copies shown meanwhile are of their account. */
async function startVouched(): Promise<void> {
  const restored = restoreVouched();
  if (await isGoingOn(restored)) return;
  signingIn = renew().then(() => undefined);
  host.visible.subscribe((visible) => visible && renewWhenDue());
  await Promise.race([signingIn, restored]);
  if (user.peek() === null) await Promise.all([signingIn, restored]);
  if (user.peek() === null) sessionState.value = "out";
}

/** The page was loaded again in the middle of a session: what the messenger signed has been spent on it. */
async function isGoingOn(restored: Promise<void>): Promise<boolean> {
  if (host.proof === null || host.proof.value() !== null) return false;
  token = host.tab.get(TOKEN);
  if (token === null) return false;
  await restored;
  return user.peek() !== null;
}

async function restoreVouched(): Promise<void> {
  const [remembered, account] = await Promise.all([host.storage.get<Remembered>(REMEMBERED), host.account()]);
  const isSame = remembered && account !== null && remembered.account === account;
  if (isSame && sessionState.peek() === "starting") enter(remembered.user);
}

/** Asks the messenger and the server once more who this is; true when they know. */
export async function signInAgain(): Promise<boolean> {
  return renew();
}

function renewWhenDue(): void {
  if (Date.now() >= dueAt && host.visible.peek()) void renew();
}

/** HTTP needs a token; over the messenger's bridge nobody does. Without one a call is not worth its way. */
async function tokenForHttp(): Promise<string | null> {
  await signingIn;
  if (!host.carrier) return token;
  if (Date.now() >= endsAt) await renew();
  if (token === null) throw networkError("offline");
  return token;
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
  if (host.carrier || host.proof) return vouched();
  const remembered = await host.storage.get<Remembered>(REMEMBERED);
  token = null;
  host.tab.set(TOKEN, null);
  if (remembered && canSilently(remembered)) await silently(remembered);
  else sessionState.value = "out";
  return host.tab.get(TOKEN) !== null;
}

async function vouched(): Promise<boolean> {
  if (Date.now() >= endsAt) token = null;
  const proof = proofNow();
  if (proof === null) return isOver();
  try {
    const session = await api.signIn(proof);
    host.proof?.spend();
    keepVouched(session);
    signInFailure.value = null;
    enter(session.user);
    void remember(session.user);
    return true;
  } catch (failure) {
    signInFailure.value = failure;
    if (mayPass(failure)) return false;
    host.proof?.spend();
    sessionState.value = "out";
    return false;
  }
}

/** The messenger's word for the person: eXpress gives it with every call, Telegram once per opening. */
function proofNow(): SessionRequest | null {
  if (!host.proof) return { provider: "express" };
  const init_data = host.proof.value();
  return init_data === null ? null : { provider: "telegram", init_data };
}

/** Only opening the app anew helps. What was typed is kept, on the device and on the server. */
function isOver(): boolean {
  token = null;
  host.tab.set(TOKEN, null);
  signInFailure.value ??= new ApiError({ type: "about:blank", title: "", status: 401, code: "session_over" });
  sessionState.value = "out";
  return false;
}

async function remember(known: User): Promise<void> {
  await host.storage.set(REMEMBERED, { user: known, account: await host.account() } satisfies Remembered);
}

/** A guest was linked from the other side: asks who this is by now. True once it is somebody. */
export async function meetAgain(): Promise<boolean> {
  const { user: known } = await api.info();
  enter(known);
  await remember(known);
  return known.roles.length > 0;
}

/** A guest has become somebody: what came with that takes the place of the guest's session. */
export async function goOnWith(session: Session): Promise<void> {
  keepVouched(session);
  enter(session.user);
  await remember(session.user);
}

/** In eXpress the tab's store is memory. In Telegram a session slides: it lasts as long as it is used. */
function keepVouched({ access_token, expires_in }: Session): void {
  token = access_token;
  host.tab.set(TOKEN, token);
  if (host.carrier) renewInTime(expires_in);
}

function renewInTime(expires_in: number): void {
  const lasts = expires_in * 1000;
  const wait = Math.max(lasts - RENEW_BEFORE_MS, lasts / 2);
  [dueAt, endsAt] = [Date.now() + wait, Date.now() + lasts];
  setTimeout(renewWhenDue, wait);
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
  sessionState.value = known.roles.length > 0 ? "in" : "guest";
}
