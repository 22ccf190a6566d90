import { Icon } from "../../ui/Icon";
import { t } from "../i18n";
import { Part } from "../parts";
import { AccessCheck } from "./AccessCheck";
import { CHECKS, ticked } from "./checks";

export function Checklist() {
  return (
    <Part title={t("checks.title")}>
      <ul class="checks">
        {CHECKS.map((check) => {
          const done = ticked.value.has(check);
          return (
            <li key={check} class={done ? "done" : undefined}>
              {done ? <Icon name="check" /> : <span class="open-mark" aria-hidden="true" />}
              <span>
                {t(`checks.${check}`)}
                <span class="vh">{t(done ? "checks.done" : "checks.open")}</span> {check === "access" && <AccessCheck />}
              </span>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}
