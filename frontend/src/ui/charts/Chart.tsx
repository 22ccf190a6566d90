import type { ComponentChildren, RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

import { Link, navigate } from "../../app/router";
import { t } from "../../i18n";
import "./charts.css";
import { nameOf, type Mark, type Plot } from "./model";

/** What there is to draw on, in pixels: the width of the place, and how large letters are here. */
export interface Size {
  width: number;
  rem: number;
}

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Drawing {
  height: number;
  /** Behind the marks: lines of the grid, words of the axes. */
  back?: ComponentChildren;
  /** One per mark: its picture, and where a pointer or the focus meets it. */
  marks: { area: Area; picture: ComponentChildren }[];
  /** Over the marks: lines that run through all of them. */
  front?: ComponentChildren;
}

/** A kind of chart; `hatch` is what fills the second of two series. */
export type Draw = (plot: Plot, size: Size, hatch: string) => Drawing;

/** A finger is thicker than this. */
const FINGER_REM = 1.5;
const STEPS: Record<string, (at: number, last: number) => number> = {
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** A drawn plot: one stop of the Tab key, arrows walk from mark to mark, a mark with rows behind it is their link. */
export function Chart({ plot, name, draw }: { plot: Plot; name: string; draw: Draw }) {
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const { height, back, marks, front } = draw(plot, size, `url(#${id})`);
  const chosen = at === null ? undefined : plot.marks[at];
  return (
    <div class="chart">
      <Key plot={plot} />
      <div ref={place} style={{ height: `${height / size.rem}rem` }}>
        <svg role="group" aria-label={name} width={size.width} height={height} onKeyDown={(event) => walk(event, plot.marks.length)}>
          <Hatch id={id} />
          <g aria-hidden="true">{back}</g>
          {marks.map(({ area, picture }, index) => {
            const mark = plot.marks[index];
            return mark && <MarkOf key={mark.key} plot={plot} mark={mark} area={area} picture={picture} finger={FINGER_REM * size.rem}
              stop={index === Math.min(at ?? 0, marks.length - 1)} onMeet={() => setAt(index)} />;
          })}
          <g aria-hidden="true" class="through">{front}</g>
        </svg>
      </div>
      <p class="chart-said">{chosen ? <Said plot={plot} mark={chosen} /> : plot.hint}</p>
    </div>
  );
}

/** The number behind what is pointed at, and the way to its rows: also for fingers, for which a bar may be too thin. */
function Said({ plot, mark }: { plot: Plot; mark: Mark }) {
  return (
    <>
      <span>{nameOf(plot, mark)}</span>
      {mark.href && (
        <Link href={mark.href} aria-label={`${t("desk.rows.show")}: ${mark.label}`}>
          {t("desk.rows.show")}
        </Link>
      )}
    </>
  );
}

interface MarkProps {
  plot: Plot;
  mark: Mark;
  area: Area;
  picture: ComponentChildren;
  finger: number;
  stop: boolean;
  onMeet: () => void;
}

/** The words of the picture are not the link's: its name says the same and more. */
function MarkOf({ picture, ...place }: MarkProps) {
  return (
    <g data-mark={place.mark.key}>
      <Handle {...place} />
      <g aria-hidden="true" class="picture">{picture}</g>
    </g>
  );
}

function Handle({ plot, mark: { href, ...mark }, area, finger, stop, onMeet }: Omit<MarkProps, "picture">) {
  const byFinger = useRef(false);
  const common = {
    class: "mark", "aria-label": nameOf(plot, mark), tabindex: stop ? 0 : -1, onFocus: onMeet, onPointerEnter: onMeet,
    onPointerDown: (event: PointerEvent) => (byFinger.current = event.pointerType === "touch"),
  };
  const hit = <rect class="hit" rx="4" {...area} />;
  if (!href) return <g role="img" {...common}>{hit}</g>;
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const tooThin = byFinger.current && Math.min(area.width, area.height) < finger;
    if (tooThin) onMeet();
    else navigate(href);
  };
  return <a href={`#${href}`} {...common} onClick={open}>{hit}</a>;
}

/** The time before is a ring, a dotted line, or a line across a bar. */
function wasLook(note: string | undefined, look: string | undefined): string {
  if (note) return "was ring";
  return look === "line" ? "was run" : "was";
}

/** What is what, by length, hatching or stroke as well as by colour; one series is what the title says. */
function Key({ plot: { series, note, before } }: { plot: Plot }) {
  const isPlain = Boolean(note) || series.every(({ look }) => look === "solid");
  const entries = isPlain ? [] : series.map(({ label, look }): [string, string] => [label, look]);
  if (before !== undefined) entries.push([before, wasLook(note, series[0]?.look)]);
  return (
    <>
      {note && <p class="cap">{note}</p>}
      {entries.length > 0 && (
        <p class="chart-key" aria-hidden="true">
          {entries.map(([label, look]) => (
            <span key={label}>
              <i class={look} />
              {label}
            </span>
          ))}
        </p>
      )}
    </>
  );
}

function Hatch({ id }: { id: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <path class="hatching" d="M0 0V6" />
    </pattern>
  );
}

function walk(event: KeyboardEvent, count: number): void {
  const svg = event.currentTarget as SVGElement;
  const marks = [...svg.querySelectorAll<SVGElement>(".mark")];
  const step = STEPS[event.key];
  const at = marks.findIndex((mark) => mark === document.activeElement);
  if (!step || at < 0) return;
  event.preventDefault();
  marks[Math.min(Math.max(step(at, count - 1), 0), count - 1)]?.focus();
}

/** Measured before the first paint, and again when the window or the size of letters changes: nothing jumps. */
function useSize(place: RefObject<HTMLElement>): Size {
  const [size, setSize] = useState<Size>({ width: 640, rem: 16 });
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
      const width = element.clientWidth || 640;
      setSize((known) => (known.width === width && known.rem === rem ? known : { width, rem }));
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(element);
    return () => watch.disconnect();
  }, [place]);
  return size;
}
