import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

import { openLayer } from "../app/router";
import { t } from "../i18n";
import { Icon } from "./Icon";
import "./Sheet.css";

interface SheetProps {
  title: string;
  /** Full height for lists; otherwise as high as its content. */
  full?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A modal sheet. The browser's own `dialog` keeps the focus inside and gives it back to the opener; the layer in the
 * router's stack makes every host's Back close it (ux B8).
 */
export function Sheet({ title, full, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const close = useLayer(dialog, onClose);
  return (
    <dialog
      ref={dialog}
      class={full ? "sheet full" : "sheet"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div class="sheet-body">
        <div class="sheet-head">
          <h2 id={titleId} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="icon-btn" aria-label={t("ui.close")} onClick={close}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** Opens the dialog and its history entry together, and ends them together whoever ends first. */
function useLayer(dialog: RefObject<HTMLDialogElement>, onClose: () => void): () => void {
  const leave = useRef<() => void>(() => undefined);
  const closed = useRef(onClose);
  closed.current = onClose;
  useEffect(() => {
    const element = dialog.current;
    leave.current = openLayer(() => closed.current());
    element?.showModal();
    // Not by `autofocus`: browsers take no notice of it in a frame of another origin.
    element?.querySelector("h2")?.focus();
    return () => {
      element?.close();
      leave.current();
    };
  }, [dialog]);
  return () => leave.current();
}
