import { useSignalEffect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import { ChatPane } from "./chat/ChatPane";
import { Controls } from "./controls/Controls";
import { phase, unread } from "./data/store";
import { t } from "./i18n";
import { Inspector } from "./inspector/Inspector";
import { PhonePane } from "./phone/PhonePane";
import { layout, wanted } from "./phone/phone";
import { TourBar } from "./tour/TourBar";

const PANES = ["controls", "chat", "app", "inspector"] as const;
type Pane = (typeof PANES)[number];

/** Four columns, or one with tabs where there is no room for four. */
export function App() {
  const wide = useWide();
  const [pane, setPane] = useState<Pane>("chat");
  useSignalEffect(() => {
    if (wanted.value) setPane(wanted.value);
  });
  const shows = (which: Pane) => wide || pane === which;
  return (
    <>
      <header class="ribbon">
        <h1 class="vh">{t("title")}</h1>
        <p>{t("ribbon")}</p>
      </header>
      {!wide && <PaneTabs pane={pane} onChoose={setPane} />}
      <main class={`emulator ${layout.value}`}>
        <div class="column" hidden={!shows("controls")}>
          <Controls />
        </div>
        <div class="column" hidden={!shows("chat")}>
          <ChatPane visible={shows("chat")} />
        </div>
        {/* the app goes on living behind another tab: a phone does not forget it either */}
        <div class="column" hidden={!shows("app")}>
          <PhonePane />
        </div>
        <div class="column" hidden={!shows("inspector")}>
          <Inspector />
        </div>
      </main>
      <TourBar />
      {phase.value === "away" && (
        <p class="away" role="alert">
          {t("away")}
        </p>
      )}
    </>
  );
}

function PaneTabs({ pane, onChoose }: { pane: Pane; onChoose: (pane: Pane) => void }) {
  return (
    <nav class="pane-tabs" aria-label={t("panes")}>
      {PANES.map((each) => (
        <button key={each} type="button" aria-current={each === pane ? "page" : undefined} onClick={() => onChoose(each)}>
          {t(`pane.${each}`)}
          {each === "chat" && unread.value > 0 && (
            <span class="count">
              {unread.value}
              <span class="vh">{t("phone.unread")}</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

function useWide(): boolean {
  const [list] = useState(() => matchMedia("(min-width: 80rem)"));
  const [wide, setWide] = useState(list.matches);
  useEffect(() => {
    const change = () => setWide(list.matches);
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [list]);
  return wide;
}
