import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

import "./StickyBar.css";

/** ux B7: the on-screen keyboard has taken so much that the bar would cover the field being written in. */
const KEYBOARD_SHARE = 0.75;

/** The bar at the bottom with the screen's one primary button. */
export function StickyBar({ children }: { children: ComponentChildren }) {
  const hidden = useKeyboardOpen();
  return (
    <div class="bar" hidden={hidden}>
      <div class="bar-inner">{children}</div>
    </div>
  );
}

function useKeyboardOpen(): boolean {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const look = () => setOpen(isWriting() && isViewportSmall());
    const later = () => setTimeout(look);
    const viewport = visibleViewport();
    viewport?.addEventListener("resize", look);
    document.addEventListener("focusin", look);
    document.addEventListener("focusout", later);
    return () => {
      viewport?.removeEventListener("resize", look);
      document.removeEventListener("focusin", look);
      document.removeEventListener("focusout", later);
    };
  }, []);
  return open;
}

/** Old WebViews have none: there the bar stays. */
function visibleViewport(): VisualViewport | null {
  return "visualViewport" in window ? window.visualViewport : null;
}

function isViewportSmall(): boolean {
  const viewport = visibleViewport();
  return viewport !== null && viewport.height * viewport.scale < window.innerHeight * KEYBOARD_SHARE;
}

function isWriting(): boolean {
  const focused = document.activeElement;
  if (focused instanceof HTMLTextAreaElement) return true;
  return focused instanceof HTMLInputElement && !["radio", "checkbox"].includes(focused.type);
}
