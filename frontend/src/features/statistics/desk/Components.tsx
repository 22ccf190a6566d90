import type { Questions } from "../../../api/types";
import { t } from "../../../i18n";
import { unbreak } from "../../../i18n/typography";
import type { Tone } from "../../../ui/Card";
import type { IconName } from "../../../ui/Icon";
import { Tag } from "../../../ui/Tag";

type Component = Questions["health"]["components"][number];

const LOOKS: Record<Component["state"], [Tone, IconName]> = { ok: ["ok", "check"], late: ["warn", "clock"], down: ["bad", "cross"] };

/** The parts of the house, each with a word, a shape and a colour. */
export function Components({ components }: { components: Component[] }) {
  return (
    <ul class="components">
      {components.map(({ code, label, state, detail }) => (
        <li key={code}>
          <b>{label}</b>
          <Tag tone={LOOKS[state][0]} icon={LOOKS[state][1]}>{t(`desk.state.${state}`)}</Tag>
          {detail && <span class="cap">{unbreak(detail)}</span>}
        </li>
      ))}
    </ul>
  );
}
