import type { ComponentChildren } from "preact";

import "./Card.css";
import { Icon, type IconName } from "./Icon";

interface CardProps {
  /** id of the heading that names the card, or a plain label. */
  labelledBy?: string;
  label?: string;
  children: ComponentChildren;
}

export function Card({ labelledBy, label, children }: CardProps) {
  return (
    <section class="card" aria-labelledby={labelledBy} aria-label={label}>
      {children}
    </section>
  );
}

export type Tone = "info" | "ok" | "warn" | "bad" | "reserve" | "neutral";

interface NoticeProps {
  tone?: Tone;
  title?: string;
  children?: ComponentChildren;
  /** Receives focus when it appears as the answer to a press. */
  id?: string;
}

const NOTICE_ICON: Partial<Record<Tone, IconName>> = { bad: "cross", warn: "warning", ok: "check" };

/** A sentence that belongs to the page (never the only place of an error of one field). */
export function Notice({ tone = "info", title, children, id }: NoticeProps) {
  const icon = NOTICE_ICON[tone];
  return (
    <div class={`notice ${tone}`} id={id} tabIndex={id ? -1 : undefined}>
      {icon && <Icon name={icon} />}
      <div class="notice-body">
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

interface DetailsProps {
  rows: { key: string; label: string; value: ComponentChildren; action?: ComponentChildren }[];
}

/** Answers as label and value: the check page, the sent page, the application. */
export function Details({ rows }: DetailsProps) {
  return (
    <dl class="details">
      {rows.map(({ key, label, value, action }) => (
        <div key={key} class={action ? "with-action" : undefined}>
          <dt>{label}</dt>
          <dd>{value}</dd>
          {action && <dd class="details-action">{action}</dd>}
        </div>
      ))}
    </dl>
  );
}
