import { useEffect, useRef, useState } from "preact/hooks";

import { ApiError } from "../api/errors";
import type { Persona } from "../api/types";
import { t } from "../i18n";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { TextField } from "../ui/fields/TextField";
import { Icon } from "../ui/Icon";
import { host } from "../platform";
import { config } from "./config";
import { ErrorScreen } from "./ErrorScreen";
import { describe, sentence, type Failure } from "./failure";
import { Page } from "./Page";
import { signIn, signInAgain, signInFailure } from "./session";

const personas: Persona[] = ["employee", "newcomer", "matched", "dispatcher", "admin"];

/** Only where no messenger vouches for the person: the demo's cast, or a local account in a plain browser. */
export function SignInPage() {
  const demo = config.providers.includes("demo");
  const local = config.providers.includes("local");
  if (host.carrier || host.proof) return <NotVouched />;
  if (host.lost.value || (!demo && !local)) return <NoWayIn />;
  return (
    <Page title={t("signin.title")} help={false} lead={config.organisation && <p class="small">{config.organisation}</p>}>
      {demo && <Personas />}
      {local && <LocalForm folded={demo} />}
    </Page>
  );
}

/** In a messenger, and yet nobody: it does not answer, there is no network, or the server says no. */
function NotVouched() {
  const [busy, setBusy] = useState(false);
  const failure = signInFailure.value;
  const online = host.online.value;
  const wasOnline = useRef(online);
  const retry = () => {
    setBusy(true);
    void signInAgain().finally(() => setBusy(false));
  };
  useEffect(() => {
    if (online && !wasOnline.current) retry();
    wasOnline.current = online;
  }, [online]);
  if (failure instanceof ApiError && failure.network && host.lost.value) return <NoWayIn onRetry={retry} busy={busy} />;
  if (host.proof?.value() === null && failure instanceof ApiError && failure.status === 401) return <SessionOver />;
  return <ErrorScreen failure={refusal(failure)} onRetry={retry} busy={busy} closed />;
}

/** What the messenger signed is spent or too old: only opening the app anew brings something new. */
function SessionOver() {
  return (
    <Page title={t("signin.over.title")} help={false}>
      <p>{t("signin.over.text")}</p>
      <div class="actions">
        <Button onClick={() => host.close()}>{t("signin.over.close")}</Button>
      </div>
    </Page>
  );
}

/** A "no" to a person is not a "no" to an address: the server's sentence says whom to ask. */
function refusal(failure: unknown): Failure {
  const known = describe(failure);
  const isNo = failure instanceof ApiError && failure.status >= 400 && failure.status < 500;
  return isNo ? { ...known, title: t("signin.refused.title"), text: sentence(failure), retry: true } : known;
}

/** The address speaks of a messenger that is not there, or nothing but a messenger can let anybody in (E0). */
function NoWayIn({ onRetry, busy = false }: { onRetry?: () => void; busy?: boolean }) {
  const elsewhere = host.kind === "browser" && config.providers.length > 0;
  return (
    <Page title={t(config.telegram ? "signin.host.both" : "signin.host.title")} help={false}>
      <p>{t("signin.host.text")}</p>
      {config.contact && <p>{`${t("help.contact")}: ${config.contact}`}</p>}
      <div class="actions">
        {onRetry && (
          <Button busy={busy} onClick={onRetry}>
            {t("app.retry")}
          </Button>
        )}
        {elsewhere && (
          <a class="btn secondary" href={location.pathname}>
            {t("signin.host.browser")}
          </a>
        )}
      </div>
    </Page>
  );
}

function Personas() {
  const [busy, setBusy] = useState<Persona | null>(null);
  const [error, setError] = useState<unknown>(null);
  const enter = (persona: Persona) => {
    if (busy) return;
    setBusy(persona);
    setError(null);
    signIn({ provider: "demo", persona })
      .catch(setError)
      .finally(() => setBusy(null));
  };
  return (
    <section aria-labelledby="demo-title" class="stack tight">
      <h2 id="demo-title">{t("signin.demo")}</h2>
      <p class="small">{t("signin.demo.lead")}</p>
      {error !== null && <Failed error={error} />}
      <ul class="list">
        {personas.map((persona) => (
          <li key={persona}>
            <button type="button" class="list-link" aria-busy={busy === persona ? "true" : undefined} onClick={() => enter(persona)}>
              <b>{t(`signin.${persona}`)}</b>
              <Icon name="next" />
              <span class="cap">{t(`signin.${persona}.hint`)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the demo's cast is at hand the password form stays folded: nobody there has a password to type. */
function LocalForm({ folded }: { folded: boolean }) {
  if (!folded) return <Credentials />;
  return (
    <details class="fold">
      <summary>{t("signin.local")}</summary>
      <Credentials />
    </details>
  );
}

function Credentials() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [empty, setEmpty] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setError(null);
    setEmpty(login.trim() === "" || password === "");
    if (login.trim() === "" || password === "") return;
    setBusy(true);
    signIn({ provider: "local", login: login.trim(), password })
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <form class="stack" noValidate onSubmit={send}>
      {error !== null && <Failed error={error} />}
      {empty && (
        <div role="alert">
          <Notice tone="bad">{t("signin.empty")}</Notice>
        </div>
      )}
      <TextField name="login" label={t("signin.login")} value={login} onChange={setLogin} autoComplete="username" />
      <PasswordField value={password} onChange={setPassword} />
      <Button type="submit" busy={busy} wide>
        {busy ? t("signin.busy") : t("signin.action")}
      </Button>
    </form>
  );
}

/** May be pasted and filled by a password manager (WCAG 3.3.8). */
function PasswordField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <div class="field">
      <label class="lab" for="f-password">
        {t("signin.password")}
      </label>
      <input
        class="input"
        id="f-password"
        type="password"
        autoComplete="current-password"
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

function Failed({ error }: { error: unknown }) {
  const text = error instanceof ApiError ? wait(error) ?? sentence(error) : sentence(error);
  return (
    <div role="alert">
      <Notice tone="bad">{text}</Notice>
    </div>
  );
}

/** 429 says how long: `retry_after` of the problem document, in seconds. */
function wait(error: ApiError): string | null {
  const seconds = error.extensions.retry_after;
  return error.status === 429 && typeof seconds === "number" ? t("signin.wait", { count: Math.ceil(seconds) }) : null;
}
