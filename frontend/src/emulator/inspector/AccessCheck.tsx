import { useState } from "preact/hooks";

import { t } from "../i18n";
import { tick } from "./checks";
import { scan, type Finding, type Scan } from "./scan";

/** Looks at the page as it stands when asked; a clean look ticks the item. */
export function AccessCheck() {
  const [seen, setSeen] = useState<Scan | null>(null);
  const look = () => {
    const found = scan();
    setSeen(found);
    if (found.findings.length === 0) tick("access");
  };
  return (
    <>
      <button type="button" class="link-mini" onClick={look}>
        {t("access.check")}
      </button>
      <span class="cap" role="status">
        {seen && (seen.findings.length === 0 ? t("access.clean", { count: seen.checked }) : t("access.found", { count: seen.findings.length }))}
      </span>
      {seen && seen.findings.length > 0 && (
        <ul class="dots">
          {seen.findings.slice(0, 20).map((finding, index) => (
            <li key={index}>{wordsOf(finding)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function wordsOf({ rule, what, ratio = "" }: Finding): string {
  return t(`access.${rule}`, { what, ratio });
}
