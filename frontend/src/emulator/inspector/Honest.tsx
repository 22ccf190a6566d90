import { server } from "../data/store";
import { t } from "../i18n";
import { CopyKey, Part } from "../parts";

const UNSEEN = ["push", "versions", "policies", "proof", "antivirus", "marks"] as const;

/** What this page cannot prove: said where people look for proof. */
export function Honest() {
  return (
    <Part title={t("honest.title")} folded>
      <ul class="dots">
        {UNSEEN.map((each) => (
          <li key={each}>{t(`honest.${each}`)}</li>
        ))}
      </ul>
    </Part>
  );
}

/** What an administrator of a real eXpress server has to be asked for, with what to give in return. */
export function RealOne() {
  const bot = server.value?.botUrl ?? "";
  const values = [
    ["real.url", bot],
    ["real.command", `${bot}/command`],
    ["real.static", `${bot}/smartapp_files/static/`],
    ["real.proto", "4"],
  ] as const;
  return (
    <Part title={t("real.title")} folded>
      <p class="cap">{t("real.words")}</p>
      <dl class="facts">
        {values.map(([key, value]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>
              <code>{value}</code> <CopyKey text={() => value}>{t("copy")}</CopyKey>
            </dd>
          </div>
        ))}
      </dl>
      <ul class="dots">
        <li>{t("real.ask.id")}</li>
        <li>{t("real.ask.smartapp")}</li>
        <li>{t("real.ask.links")}</li>
        <li>{t("real.ask.chats")}</li>
      </ul>
    </Part>
  );
}
