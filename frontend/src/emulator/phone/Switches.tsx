import { useState } from "preact/hooks";

import { platform, server } from "../data/store";
import { locale, speak, t } from "../i18n";
import { Chip } from "../parts";
import { back, hasEdges, hasKeys, isLarge, isMinimised, isOpen, isVisible, layout, minimise, open, push, startAfresh, theme, type Layout } from "./phone";

const LAYOUTS: readonly Layout[] = ["minimal", "half", "full"];
const PLATFORMS = ["web", "ios", "android"] as const;

/** How the client around the app looks. A theme or a language is told at the opening, so the app is opened anew. */
export function Looks() {
  return (
    <div class="chips" role="group" aria-label={t("phone.looks")}>
      {LAYOUTS.map((each) => (
        <Chip key={each} on={layout.value === each} onPress={() => (layout.value = each)}>
          {t(`phone.layout.${each}`)}
        </Chip>
      ))}
      <label class="select-chip">
        <span class="vh">{t("phone.platform")}</span>
        <select value={platform.value} title={t("phone.platform.hint")} onChange={(event) => (platform.value = event.currentTarget.value as typeof platform.value)}>
          {PLATFORMS.map((each) => (
            <option key={each} value={each}>
              {t(`phone.platform.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <Chip on={theme.value === "dark"} onPress={() => reopen(() => (theme.value = theme.value === "dark" ? "light" : "dark"))}>
        {t("phone.dark")}
      </Chip>
      <Chip on={locale.value === "en"} onPress={() => reopen(() => speak(locale.value === "en" ? "ru" : "en"))}>
        EN
      </Chip>
      <Chip on={hasEdges.value} onPress={() => (hasEdges.value = !hasEdges.value)}>
        {t("phone.edges")}
      </Chip>
      <Chip on={hasKeys.value} onPress={() => (hasKeys.value = !hasKeys.value)}>
        {t("phone.keys")}
      </Chip>
      <Chip on={isLarge.value} onPress={() => (isLarge.value = !isLarge.value)}>
        {t("phone.large")}
      </Chip>
    </div>
  );
}

function reopen(change: () => void): void {
  change();
  if (isOpen.value) startAfresh();
}

/** What the host does around the app. */
export function HostButtons() {
  const shown = isVisible.value;
  const sample = () => (push.value = { title: server.value?.bot.names[locale.value] ?? "", body: t("phone.push.sample"), meta: { to: "all" } });
  return (
    <div class="host-buttons">
      <div class="chips" role="group" aria-label={t("phone.host")}>
        <Chip disabled={!shown} onPress={back}>
          {t("phone.back")}
        </Chip>
        <Chip on={isMinimised.value} disabled={!isOpen.value} onPress={() => minimise(!isMinimised.value)}>
          {t("phone.minimise")}
        </Chip>
        <Chip onPress={sample}>{t("phone.push")}</Chip>
        <Chip onPress={() => open()}>{t("phone.reopen")}</Chip>
      </div>
      <OpenByLink />
    </div>
  );
}

/** Places of the app that a deep link may name (ux.md B8). */
const PLACES = ["new", "all", "me", "help", "home"] as const;

function OpenByLink() {
  const [place, setPlace] = useState<string>("new");
  return (
    <form
      class="by-link"
      onSubmit={(event) => {
        event.preventDefault();
        open({ initiator: "deeplink", meta: { to: place } });
      }}
    >
      <label class="vh" for="place">
        {t("phone.place")}
      </label>
      <input id="place" class="say small" list="places" value={place} onInput={(event) => setPlace(event.currentTarget.value)} />
      <datalist id="places">
        {PLACES.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <button type="submit" class="chip-key">
        {t("phone.byLink")}
      </button>
    </form>
  );
}
