import type { ButtonHTMLAttributes, ComponentChildren, MouseEventHandler } from "preact";

import { Link } from "../app/router";
import "./Button.css";
import { Icon, type IconName } from "./Icon";

type Variant = "primary" | "secondary" | "text" | "danger";

export interface ButtonProps extends Omit<ButtonHTMLAttributes, "icon" | "size"> {
  variant?: Variant;
  /** Fills its row. */
  wide?: boolean;
  /** Work is under way: says so to assistive tech, keeps its place and takes no further press. */
  busy?: boolean;
  icon?: IconName;
  children: ComponentChildren;
}

export function Button({ variant = "primary", wide, busy, icon, children, onClick, ...rest }: ButtonProps) {
  const press: MouseEventHandler<HTMLButtonElement> = (event) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button type="button" {...rest} class={look(variant, wide)} aria-busy={busy ? "true" : undefined} onClick={press}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface ButtonLinkProps {
  /** A path of the app, such as `/new`. */
  href: string;
  variant?: Variant;
  wide?: boolean;
  icon?: IconName;
  children: ComponentChildren;
}

/** Looks like a button, goes like a link. */
export function ButtonLink({ href, variant = "primary", wide, icon, children }: ButtonLinkProps) {
  return (
    <Link class={look(variant, wide)} href={href}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

function look(variant: Variant, wide?: boolean): string {
  return `btn ${variant}${wide ? " wide" : ""}`;
}
