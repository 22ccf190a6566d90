import { useEffect, useId, useState } from "preact/hooks";

import { api } from "../../api/client";
import type { LinkCode, Messenger } from "../../api/types";
import { CopyButton } from "../../app/CopyButton";
import { config } from "../../app/config";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { Button } from "../../ui/Button";
import { Card, Notice } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { newKey } from "../applications/keys";
import "./channels.css";

interface CodeCardProps {
  /** Where the code is to be entered. */
  other: Messenger;
  code: LinkCode;
  onNew: (code: LinkCode) => void;
}

/** A code that another messenger takes, how long it does, and what to do with it. */
export function CodeCard({ other, code, onNew }: CodeCardProps) {
  const heading = useId();
  const left = useSecondsLeft(code.expires_at);
  return (
    <Card labelledBy={heading}>
      <div class="stack">
        <h3 id={heading}>{t("code.title")}</h3>
        {left > 0 ? <Valid other={other} code={code.code} left={left} /> : <Over onNew={onNew} />}
      </div>
    </Card>
  );
}

function Valid({ other, code, left }: { other: Messenger; code: string; left: number }) {
  const chat = other === "telegram" ? (config.telegram?.chat ?? null) : null;
  return (
    <>
      <p>{t(`code.how.${other}`)}</p>
      <p class="code" aria-label={Array.from(code).join(" ")} role="status">
        {`${code.slice(0, 3)}\u00a0${code.slice(3)}`}
      </p>
      <p class="small code-left">
        <Icon name="clock" />
        <span role="timer">{t("code.left", { time: clock(left) })}</span>
      </p>
      <div class="actions">
        <CopyButton label={t("code.copy")} make={() => code} done={t("code.copied")} field={t("code.title")} />
        {chat && (
          <a class="btn text" href={chat} target="_blank" rel="noreferrer">
            {t("code.open")}
          </a>
        )}
      </div>
    </>
  );
}

function Over({ onNew }: { onNew: CodeCardProps["onNew"] }) {
  return (
    <>
      <div role="status">
        <Notice tone="warn">{t("code.over")}</Notice>
      </div>
      <GetCode label={t("code.new")} onCode={onNew} />
    </>
  );
}

/** Asks the server for a code; says so in place when there is none. */
export function GetCode({ label, onCode }: { label: string; onCode: (code: LinkCode) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const ask = () => {
    setBusy(true);
    setError("");
    api
      .linkCode(newKey())
      .then(onCode, (failure: unknown) => setError(sentence(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      {error && (
        <div role="alert">
          <Notice tone="bad">{error}</Notice>
        </div>
      )}
      <div class="actions">
        <Button variant="secondary" busy={busy} onClick={ask}>
          {label}
        </Button>
      </div>
    </>
  );
}

function useSecondsLeft(expiresAt: string): number {
  const [left, setLeft] = useState(() => secondsUntil(expiresAt));
  useEffect(() => {
    const tick = () => setLeft(secondsUntil(expiresAt));
    tick();
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return left;
}

function secondsUntil(moment: string): number {
  return Math.max(0, Math.ceil((Date.parse(moment) - Date.now()) / 1_000));
}

/** «9:41» */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
