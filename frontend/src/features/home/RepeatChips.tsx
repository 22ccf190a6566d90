import { useId } from "preact/hooks";

import type { Card, CompiledForm, Period } from "../../api/types";
import { now } from "../../app/clock";
import { data, useResource } from "../../app/data";
import { Link } from "../../app/router";
import { t } from "../../i18n";
import { newPath } from "../applications/paths";
import { periodState } from "./period";
import { repeatsOf } from "./repeats";

interface RepeatChipsProps {
  form: CompiledForm;
  periods: Period[];
  cards: Card[];
}

/** One press fills the direction; only while another application may be filed at all. */
export function RepeatChips({ form, periods, cards }: RepeatChipsProps) {
  const id = useId();
  const profile = useResource(data.me()).data.value?.profile ?? {};
  const repeats = repeatsOf(form, cards, profile);
  if (repeats.length === 0 || periodState(periods, now()).kind !== "open") return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t("home.repeat")}</h2>
      <ul class="chips">
        {repeats.map(({ code, name }) => (
          <li key={code}>
            <Link class="chip" href={`${newPath(form.id)}&d=${encodeURIComponent(code)}`}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
