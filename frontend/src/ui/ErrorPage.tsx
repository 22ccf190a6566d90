import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import "./ErrorPage.css";

interface ErrorPageProps {
  title: string;
  text: string;
  /** One button. */
  action?: ComponentChildren;
  /** To quote to the coordinator: `EB-404`, an incident number. */
  code?: string;
  time?: string;
}

/** One layout for everything that cannot be shown: what, what to do, a code to quote. */
export function ErrorPage({ title, text, action, code, time }: ErrorPageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="error-page stack">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      <p>{text}</p>
      {action}
      {code && <p class="cap">{[code, time].filter(Boolean).join(" · ")}</p>}
    </div>
  );
}
