import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../ui/Icon";
import { me, phase } from "../data/store";
import { t } from "../i18n";
import { address, counter, hasEdges, hasKeys, isLarge, isOpen, isVisible, layout, minimise, open, openings, push, setFrame, theme } from "./phone";
import { Picker } from "./Picker";
import { HostButtons, Looks } from "./Switches";

/** Widths of the messenger's own panes (ux.md 0.3); the frame is shrunk to the room there is, never the page in it. */
const WIDTHS = { minimal: 390, half: 788, full: 1312 } as const;
/** A tall phone, and the least that an app can be used in; the frame's own border takes some of the room. */
const [TALL, LOW, BORDER] = [796, 480, 16];

export function PhonePane() {
  return (
    <section class={`pane phone-pane ${layout.value}`} aria-label={t("phone.title")}>
      <Looks />
      <Device />
      <HostButtons />
    </section>
  );
}

function Device() {
  const box = useRef<HTMLDivElement>(null);
  const { width: room, height: rest } = useRoom(box);
  const width = WIDTHS[layout.value];
  const scale = Math.min(1, room / width);
  const height = Math.round(Math.min(TALL, Math.max(LOW, rest / scale)) - (hasEdges.value ? 78 : 0));
  return (
    <div class="device-room" ref={box}>
      <div class={`device ${layout.value}`} style={{ width: `${width * scale}px` }}>
        {hasEdges.value && <div class="edge top" style={{ height: `${44 * scale}px` }} aria-hidden="true" />}
        <div class="screen" style={{ height: `${height * scale}px` }}>
          <Frame width={width} height={height} scale={scale} />
          {hasKeys.value && isVisible.value && <div class="keys" aria-hidden="true" />}
          {!isVisible.value && <HomeScreen />}
          <Banner />
          <Picker />
        </div>
        {hasEdges.value && <div class="edge bottom" style={{ height: `${34 * scale}px` }} aria-hidden="true" />}
      </div>
    </div>
  );
}

/** The SmartApp itself, on its own origin, behind the bridge. Minimised it lives on; closed it is gone. */
function Frame({ width, height, scale }: { width: number; height: number; scale: number }) {
  const src = address.value;
  if (!src || phase.value === "starting" || !isOpen.value) return null;
  const zoom = isLarge.value ? 2 : 1;
  return (
    <iframe
      key={`${openings.value}:${src}:${me.value?.huid ?? ""}`}
      ref={setFrame}
      src={src}
      title={t("phone.frame")}
      hidden={!isVisible.value}
      style={{ width: `${width / zoom}px`, height: `${height / zoom}px`, transform: `scale(${scale * zoom})` }}
    />
  );
}

/** What is behind the app: the messenger's list of apps, with the number that the bot has set. */
function HomeScreen() {
  const back = () => (isOpen.value ? minimise(false) : open());
  return (
    <div class="home" data-theme={theme.value}>
      <button type="button" class="app-icon" onClick={back}>
        <span class="app-tile">
          <Icon name="document" />
          {counter.value > 0 && (
            <span class="count">
              {counter.value}
              <span class="vh">{t("phone.unread")}</span>
            </span>
          )}
        </span>
        {t(isOpen.value ? "phone.resume" : "phone.open")}
      </button>
    </div>
  );
}

function Banner() {
  const shown = push.value;
  if (!shown) return null;
  const go = () => open({ initiator: "push_notification", meta: shown.meta });
  return (
    <div class="push" role="status">
      <button type="button" class="push-body" onClick={go}>
        <b>{shown.title}</b>
        <span>{shown.body}</span>
      </button>
      <button type="button" class="mini" aria-label={t("phone.push.close")} onClick={() => (push.value = null)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

/** Across: what the room around the device has. Down: what the column has, less the switches above and below. */
function useRoom(box: { current: HTMLElement | null }): { width: number; height: number } {
  const [room, setRoom] = useState({ width: 352, height: 600 });
  useEffect(() => {
    const around = box.current;
    const pane = around?.closest(".pane");
    const column = around?.closest(".column");
    if (!around || !pane || !column) return;
    const measure = () => {
      const switches = pane.scrollHeight - around.offsetHeight;
      setRoom({ width: Math.max(200, around.clientWidth - BORDER), height: heightOf(column) - switches - BORDER });
    };
    const observer = new ResizeObserver(measure);
    for (const each of [around, pane, column]) observer.observe(each);
    return () => observer.disconnect();
  }, [box]);
  return room;
}

/** In one column nothing is as high as the window but the window itself. */
function heightOf(column: Element): number {
  return getComputedStyle(column).overflowY === "auto" ? column.clientHeight : innerHeight;
}
