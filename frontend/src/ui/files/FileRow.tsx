import type { ComponentChildren } from "preact";

import { Icon, type IconName } from "../Icon";
import "./files.css";

export type FileTone = "idle" | "busy" | "ok" | "bad";

const ICONS: Record<FileTone, IconName> = { idle: "document", busy: "upload", ok: "check", bad: "cross" };

interface FileRowProps {
  name: string;
  /** The name with its middle left out. */
  short: string;
  tone: FileTone;
  size?: string | undefined;
  /** «Загружаем 43 %», with what can be done about it. */
  state: ComponentChildren;
  /** 0 to 1; null: nobody knows how far it is; left out: nothing moves. */
  progress?: number | null | undefined;
  progressLabel?: string | undefined;
  /** The button that takes it away. */
  action: ComponentChildren;
}

/** One attached file: name, size, state, and how to be rid of it. */
export function FileRow({ name, short, tone, size, state, progress, progressLabel, action }: FileRowProps) {
  return (
    <li class={`file ${tone}`}>
      <Icon name={ICONS[tone]} />
      <div class="file-text">
        <FileName name={name} short={short} />
        <p class="file-state">
          {size && <span class="cap">{size}</span>}
          {state}
        </p>
        {progress !== undefined && <Progress share={progress} label={progressLabel ?? name} />}
      </div>
      {action}
    </li>
  );
}

/** Ears get the whole name, eyes its ends; the whole one is in the tooltip. */
export function FileName({ name, short }: { name: string; short: string }) {
  if (short === name) return <span class="file-name">{name}</span>;
  return (
    <span class="file-name" title={name}>
      <span aria-hidden="true">{short}</span>
      <span class="vh">{name}</span>
    </span>
  );
}

function Progress({ share, label }: { share: number | null; label: string }) {
  const now = share === null ? undefined : Math.floor(share * 100);
  return (
    <div class={share === null ? "file-progress unknown" : "file-progress"} role="progressbar" aria-label={label}
      aria-valuemin={0} aria-valuemax={100} aria-valuenow={now}>
      <span style={now === undefined ? undefined : { width: `${now}%` }} />
    </div>
  );
}
