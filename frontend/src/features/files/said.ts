import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import { t } from "../../i18n";
import type { Place } from "./places";
import type { Transfer } from "./transfer";
import { formatPercent } from "./words";

/** What ears get: start, half, end (ux B5). A share at every step would drown everything else. */
export function useSaid(place: Place): string {
  const [said, say] = useState("");
  useEffect(() => {
    const heard = new Map<string, string>();
    let isFirst = true;
    return effect(() => {
      const moments = place.transfers.value.flatMap((transfer) => ({ transfer, moment: momentOf(transfer) }));
      const news = moments.filter(({ transfer, moment }) => moment && heard.get(transfer.key) !== moment);
      news.forEach(({ transfer, moment }) => heard.set(transfer.key, moment));
      const words = news.filter(({ moment }) => !isFirst || moment !== "ready").map(({ transfer, moment }) => wordsOf(transfer, moment));
      isFirst = false;
      if (words.length > 0) say(words.join(". "));
    });
  }, [place]);
  return said;
}

function momentOf({ stage, share }: Transfer): string {
  const now = stage.value;
  if (now === "uploading" && share.value >= 0.5) return "half";
  return now === "waiting" || now === "checking" ? "" : now;
}

function wordsOf({ name, why }: Transfer, moment: string): string {
  switch (moment) {
    case "half":
      return t("files.say", { name, state: t("files.state.uploading", { percent: formatPercent(0.5) }) });
    case "ready":
      return t("files.say", { name, state: t("files.state.ready") });
    case "failed":
      return t("files.say", { name, state: t("files.state.failed") });
    case "refused":
      return t("files.say", { name, state: why.peek() });
    case "messenger":
      return name;
    default:
      return t("files.say", { name, state: t("files.say.start") });
  }
}
