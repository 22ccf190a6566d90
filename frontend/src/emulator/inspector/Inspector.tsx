import { server } from "../data/store";
import { locale, t } from "../i18n";
import { clock } from "../chat/format";
import { Chip, CopyKey, Part } from "../parts";
import { Break } from "./Break";
import { Checklist } from "./Checklist";
import { curl } from "./curl";
import { Honest, RealOne } from "./Honest";
import { lines, shownKinds, type Kind, type Line } from "./lines";
import { StateViewer } from "./StateViewer";

const KINDS: readonly Kind[] = ["chat", "bot", "app", "core", "queue", "house"];

export function Inspector() {
  return (
    <section class="pane inspector" aria-label={t("inspector.title")}>
      <Break />
      <Part title={t("inspector.events")}>
        <Filter />
        <Log />
      </Part>
      <Checklist />
      <StateViewer />
      <Honest />
      <RealOne />
    </section>
  );
}

function Filter() {
  const flip = (kind: Kind) => {
    const next = new Set(shownKinds.value);
    if (!next.delete(kind)) next.add(kind);
    shownKinds.value = next;
  };
  return (
    <div class="chips soft" role="group" aria-label={t("inspector.filter")}>
      {KINDS.map((kind) => (
        <Chip key={kind} on={shownKinds.value.has(kind)} onPress={() => flip(kind)}>
          {t(`inspector.kind.${kind}`)}
        </Chip>
      ))}
    </div>
  );
}

function Log() {
  const all = lines.value;
  if (all.length === 0) return <p class="cap">{t("inspector.quiet")}</p>;
  return (
    <ul class="log" tabIndex={0} aria-label={t("inspector.events")}>
      {all.map((line) => (
        <LogLine key={line.id} line={line} />
      ))}
    </ul>
  );
}

function LogLine({ line }: { line: Line }) {
  const addresses = { bot: server.value?.botUrl ?? "", botx: location.origin };
  return (
    <li class={line.bad ? "bad" : undefined}>
      <details>
        <summary>
          <b>{clock(line.at, locale.value, true)}</b> {line.title}
          {line.detail && <span class="log-detail">{line.detail}</span>}
        </summary>
        <Payload of={line} addresses={addresses} />
      </details>
    </li>
  );
}

/** Drawn only when somebody looks: hundreds of documents would make the page slow. */
function Payload({ of: line, addresses }: { of: Line; addresses: { bot: string; botx: string } }) {
  const { curl: call } = line;
  return (
    <>
      <pre tabIndex={0}>{JSON.stringify(line.payload, null, 1)}</pre>
      {call && <CopyKey text={() => curl(call, addresses)}>{t("inspector.curl")}</CopyKey>}
    </>
  );
}
