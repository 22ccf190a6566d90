import type { ComponentChildren } from "preact";

import { t } from "../../i18n";
import { Icon } from "../Icon";
import "./fields.css";

/** What every field component takes. Ids follow from the name, so that the error summary finds the control. */
export interface FieldProps {
  name: string;
  label: string;
  hint?: string | null | undefined;
  error?: string | null | undefined;
  /** Optional fields say so; required ones are not marked (ux B1). */
  optional?: boolean | undefined;
  /** The label is the page's h1 already: here it stays for assistive tech only. */
  hideLabel?: boolean | undefined;
}

export function fieldId(name: string): string {
  return `f-${name}`;
}

/** Ids of hint and error that exist, for `aria-describedby`. */
export function describedBy({ name, hint, error }: FieldProps, ...more: (string | false)[]): string | undefined {
  const id = fieldId(name);
  return [hint && `${id}-hint`, error && `${id}-error`, ...more].filter(Boolean).join(" ") || undefined;
}

/** Label, hint and error around one input. */
export function InputFrame({ children, ...field }: FieldProps & { children: ComponentChildren }) {
  return (
    <div class="field">
      <label class={field.hideLabel ? "vh" : "lab"} for={fieldId(field.name)}>
        <LabelText {...field} />
      </label>
      <Hint {...field} />
      <FieldError {...field} />
      {children}
    </div>
  );
}

interface GroupFrameProps extends FieldProps {
  /** A group of radio buttons may be called invalid as a whole; other groups mark their controls. */
  role?: "group" | "radiogroup";
  children: ComponentChildren;
}

/** Legend, hint and error around a group of controls. */
export function GroupFrame({ role = "group", children, ...field }: GroupFrameProps) {
  const invalid = role === "radiogroup" && field.error ? "true" : undefined;
  return (
    <fieldset class="field" id={fieldId(field.name)} role={role} aria-invalid={invalid}
      aria-describedby={describedBy(field)}>
      <legend class={field.hideLabel ? "vh" : "lab"}>
        <LabelText {...field} />
      </legend>
      <Hint {...field} />
      <FieldError {...field} />
      {children}
    </fieldset>
  );
}

export function LabelText({ label, optional }: FieldProps) {
  return (
    <>
      {label}
      {optional && <span class="optional"> {t("ui.optional")}</span>}
    </>
  );
}

export function Hint({ name, hint }: FieldProps) {
  if (!hint) return null;
  return (
    <p class="small" id={`${fieldId(name)}-hint`}>
      {hint}
    </p>
  );
}

export function FieldError({ name, error }: FieldProps) {
  if (!error) return null;
  return (
    <p class="field-error" id={`${fieldId(name)}-error`}>
      <Icon name="warning" />
      <span>
        <span class="vh">{t("ui.error.prefix")}</span>
        {error}
      </span>
    </p>
  );
}
