import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { t } from "./i18n";

interface ChipProps {
  /** Given: the chip is a switch and says so. */
  on?: boolean;
  disabled?: boolean;
  title?: string;
  onPress: () => void;
  children: ComponentChildren;
}

/** A small press or switch of the page. */
export function Chip({ on, disabled, title, onPress, children }: ChipProps) {
  return (
    <button type="button" class="chip-key" aria-pressed={on} aria-disabled={disabled} title={title} onClick={() => !disabled && onPress()}>
      {children}
    </button>
  );
}

/** Copies a text and says so on itself. */
export function CopyKey({ text, children }: { text: () => string; children: ComponentChildren }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setDone(true);
    setTimeout(() => setDone(false), 1_500);
  };
  return (
    <button type="button" class="link-mini" onClick={() => void copy().catch(() => null)}>
      {done ? t("copied") : children}
    </button>
  );
}

interface PartProps {
  title: string;
  /** Folded away until asked for. */
  folded?: boolean;
  children: ComponentChildren;
}

export function Part({ title, folded, children }: PartProps) {
  if (folded === undefined) {
    return (
      <section class="part">
        <h2>{title}</h2>
        {children}
      </section>
    );
  }
  return (
    <details class="part fold-part" open={!folded}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {children}
    </details>
  );
}
