import { sendFile } from "../chat/actions";
import { api } from "../data/api";
import { alert, breakThings, faults } from "../data/store";
import type { Faults } from "../data/types";
import { t } from "../i18n";
import { Chip, Part } from "../parts";
import { breakApp } from "../phone/phone";
import { BIG } from "../phone/picker";

type Switch = { key: SwitchName; broken: Partial<Faults>; whole: Partial<Faults> };
type SwitchName =
  | "offline" | "slow" | "stale" | "botx503" | "botx429" | "drop" | "lostAnswer" | "duplicateEvents" | "duplicateCallback"
  | "shuffledCallbacks" | "lateCallbacks" | "lostCallbacks" | "errorCallback" | "lostAppAnswers" | "expired" | "skew";

/** Each switch of «Сломать»: what it breaks, and what makes it whole again. */
const SWITCHES: readonly Switch[] = [
  { key: "offline", broken: { network: "none" }, whole: { network: "ok" } },
  { key: "slow", broken: { network: "slow" }, whole: { network: "ok" } },
  { key: "stale", broken: { stale_chat: true }, whole: { stale_chat: false } },
  { key: "botx503", broken: { botx: "503" }, whole: { botx: "ok" } },
  { key: "botx429", broken: { botx: "429" }, whole: { botx: "ok" } },
  { key: "drop", broken: { botx: "drop" }, whole: { botx: "ok" } },
  { key: "lostAnswer", broken: { botx: "lost_answer" }, whole: { botx: "ok" } },
  { key: "lostAppAnswers", broken: { lost_app_answers: true }, whole: { lost_app_answers: false } },
  { key: "duplicateEvents", broken: { duplicate_events: true }, whole: { duplicate_events: false } },
  { key: "duplicateCallback", broken: { callbacks: "duplicate" }, whole: { callbacks: "ok" } },
  { key: "shuffledCallbacks", broken: { callbacks: "shuffled" }, whole: { callbacks: "ok" } },
  { key: "lateCallbacks", broken: { callbacks: "late" }, whole: { callbacks: "ok" } },
  { key: "lostCallbacks", broken: { callbacks: "lost" }, whole: { callbacks: "ok" } },
  { key: "errorCallback", broken: { callbacks: "error" }, whole: { callbacks: "ok" } },
  { key: "expired", broken: { proof: "expired" }, whole: { proof: "ok" } },
  { key: "skew", broken: { clock_skew: 600 }, whole: { clock_skew: 0 } },
];

/** What people try first; the rest is for those who know the protocol. */
const USUAL: readonly SwitchName[] = ["offline", "slow", "botx503", "expired", "duplicateCallback", "duplicateEvents"];

export function Break() {
  const now = faults.value;
  const usual = SWITCHES.filter(({ key }) => USUAL.includes(key));
  const others = SWITCHES.filter(({ key }) => !USUAL.includes(key));
  return (
    <Part title={t("break.title")}>
      <div class="chips" role="group" aria-label={t("break.title")}>
        {usual.map((each) => (
          <FaultChip key={each.key} of={each} now={now} />
        ))}
        <Chip title={t("break.bigFile.hint")} onPress={() => void sendFile(new Blob([]), "film.bin", BIG)}>
          {t("break.bigFile")}
        </Chip>
        <Chip title={t("break.js.hint")} onPress={breakApp}>
          {t("break.js")}
        </Chip>
      </div>
      <details class="more" open={others.some(({ broken }) => isOn(broken, now))}>
        <summary>{t("break.more")}</summary>
        <div class="chips" role="group" aria-label={t("break.more")}>
          {others.map((each) => (
            <FaultChip key={each.key} of={each} now={now} />
          ))}
          <Chip title={t("break.tokens.hint")} onPress={() => void api.tokens().catch(away)}>
            {t("break.tokens")}
          </Chip>
        </div>
      </details>
      {isBroken(now) && (
        <p class="cap">
          {t("break.on")}{" "}
          <button type="button" class="link-mini" onClick={mend}>
            {t("break.mend")}
          </button>
        </p>
      )}
    </Part>
  );
}

function FaultChip({ of, now }: { of: Switch; now: Faults | null }) {
  const on = isOn(of.broken, now);
  const flip = () => void breakThings(on ? of.whole : of.broken).catch(away);
  return (
    <Chip on={on} title={t(`break.${of.key}.hint`)} onPress={flip}>
      {t(`break.${of.key}`)}
    </Chip>
  );
}

function isOn(wanted: Partial<Faults>, now: Faults | null): boolean {
  return now !== null && Object.entries(wanted).every(([name, value]) => now[name as keyof Faults] === value);
}

export function isBroken(now: Faults | null): boolean {
  return SWITCHES.some(({ broken }) => isOn(broken, now));
}

/** Everything back in its place. */
export function mend(): void {
  const whole = Object.assign({}, ...SWITCHES.map((each) => each.whole)) as Partial<Faults>;
  void breakThings(whole).catch(away);
}

function away(): void {
  alert.value = t("away");
}
