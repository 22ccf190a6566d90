import { useState } from "preact/hooks";

import { Button } from "../../ui/Button";
import { api, Refused } from "../data/api";
import { become, businessTime, chats, hasTravelled, people, persona } from "../data/store";
import type { Person } from "../data/types";
import { locale, maybe, speak, t } from "../i18n";
import { Chip, Part } from "../parts";
import { forgetClients } from "../phone/client-store";
import { startAfresh } from "../phone/phone";
import { isRunning, startTour } from "../tour/tour";
import { pageTheme, setPageTheme } from "./theme";

const MOMENTS = ["now", "day_before_end", "closed", "publication"] as const;

export function Controls() {
  return (
    <section class="pane controls" aria-label={t("controls.title")}>
      <div>
        <h2 class="lead">{t("controls.title")}</h2>
        <p class="cap">{t("controls.words")}</p>
      </div>
      <Button wide busy={isRunning.value} onClick={() => void startTour()}>
        {t("controls.tour")}
      </Button>
      <People />
      <Time />
      <Page />
    </section>
  );
}

function People() {
  return (
    <nav aria-label={t("controls.who")}>
      <h2>{t("controls.who")}</h2>
      <ul class="people">
        {people.value.map((person) => (
          <li key={person.huid}>
            <PersonKey person={person} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PersonKey({ person }: { person: Person }) {
  const isMe = person.persona === persona.value;
  const count = chats.value.get(person.chat)?.unread[person.huid] ?? 0;
  const take = () => {
    if (isMe) return;
    become(person.persona);
    startAfresh();
  };
  return (
    <button type="button" class="person" aria-current={isMe ? "true" : undefined} onClick={take}>
      <b>{shortName(person.name)}</b>
      <span class="cap">{maybe(`persona.${person.persona}`) ?? person.position}</span>
      {count > 0 && (
        <span class="count">
          {count}
          <span class="vh">{t("phone.unread")}</span>
        </span>
      )}
    </button>
  );
}

/** «Воронцова Анна Сергеевна» is called Анна Воронцова. */
function shortName(name: string): string {
  const [family = "", given = ""] = name.split(" ");
  return `${given} ${family}`.trim();
}

function Time() {
  const [trouble, setTrouble] = useState<string | null>(null);
  const travel = async (to: (typeof MOMENTS)[number]) => {
    try {
      await api.clock(to);
      setTrouble(null);
      startAfresh();
    } catch (failure) {
      setTrouble(t(failure instanceof Refused && failure.why === "no_open_period" ? "time.noPeriod" : "time.failed"));
    }
  };
  const moment = businessTime.value;
  return (
    <Part title={t("time.title")}>
      <div class="chips" role="group" aria-label={t("time.title")}>
        {MOMENTS.map((each) => (
          <Chip key={each} onPress={() => void travel(each)}>
            {t(`time.${each}`)}
          </Chip>
        ))}
      </div>
      <p class="cap" role="status">
        {trouble ?? (moment ? t("time.at", { moment: whenOf(moment) }) : t("time.real"))}
      </p>
    </Part>
  );
}

function whenOf(moment: string): string {
  return new Intl.DateTimeFormat(locale.value, { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Moscow" }).format(new Date(moment));
}

function Page() {
  const dark = pageTheme.value === "dark";
  const moved = hasTravelled.value;
  const reset = async () => {
    await api.reset().catch(() => null);
    if (moved) await api.clock("now").catch(() => null);
    forgetClients();
    startAfresh();
  };
  return (
    <Part title={t("page.title")}>
      <div class="chips" role="group" aria-label={t("page.title")}>
        <Chip on={dark} onPress={() => setPageTheme(dark ? "light" : "dark")}>
          {t("page.dark")}
        </Chip>
        <Chip onPress={() => speak(locale.value === "ru" ? "en" : "ru")}>{t("page.language")}</Chip>
        <Chip onPress={() => void reset()}>{t("page.reset")}</Chip>
      </div>
      <p class="cap">{t("page.resetHint")}</p>
    </Part>
  );
}
