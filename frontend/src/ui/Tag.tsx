import type { ComponentChildren } from "preact";

import type { Status } from "../api/types";
import { t } from "../i18n";
import type { Tone } from "./Card";
import { Icon, type IconName } from "./Icon";
import "./Tag.css";

interface TagProps {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}

export function Tag({ tone = "neutral", icon, children }: TagProps) {
  return (
    <span class={`tag ${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** Look of every status (ux 0.4): word, shape and colour together, colour never alone. */
const looks: Record<Status, [Tone, IconName]> = {
  draft: ["neutral", "pencil"],
  queued: ["warn", "cloudOff"],
  submitted: ["info", "send"],
  in_review: ["info", "eye"],
  needs_info: ["warn", "question"],
  approved: ["ok", "check"],
  waitlisted: ["reserve", "clock"],
  rejected: ["bad", "cross"],
  withdrawn: ["neutral", "undo"],
  revoked: ["bad", "minus"],
  completed: ["ok", "flag"],
};

/** `label` is the server's word when it sent one; the catalog's word is for states that only this device knows. */
export function StatusTag({ status, label }: { status: Status; label?: string }) {
  const [tone, icon] = looks[status];
  return (
    <Tag tone={tone} icon={icon}>
      {label ?? t(`ui.status.${status}`)}
    </Tag>
  );
}
