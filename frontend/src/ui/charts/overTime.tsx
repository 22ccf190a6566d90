import type { Draw } from "./Chart";
import { Bar, FONT, Was, wideOf, Word } from "./bits";
import { greatest, roundUp, say, type Look, type Plot } from "./model";

const isBar = (look: Look) => look === "solid" || look === "hatch";

/** Something over time: bars side by side, and lines through the same days. */
export const overTime: Draw = (plot, { width, rem }, hatch) => {
  const { marks, series } = plot;
  const font = FONT * rem;
  const most = roundUp(greatest(plot));
  const left = wideOf(say(plot, most), font) + font / 2;
  const [top, bottom, height] = [1.5 * font, 12 * rem, 12 * rem + 1.75 * font];
  const hasLines = series.some(({ look }) => look === "line" || look === "dash");
  const slot = (width - left - (hasLines ? 2.5 * font : 0)) / marks.length;
  const x = (index: number) => left + slot * index;
  const y = (value: number) => bottom - ((bottom - top) * value) / most;
  const bars = series.flatMap(({ look }, index) => (isBar(look) ? [index] : []));
  const thick = Math.min((slot * 0.76) / bars.length, 2.5 * rem);
  const peak = peakOf(plot, bars[0] ?? 0);
  const picture = (index: number) =>
    bars.map((which, place) => {
      const value = marks[index]?.values[which];
      const was = marks[index]?.before?.[which] ?? null;
      const from = x(index) + slot / 2 + thick * (place - bars.length / 2);
      const line = was !== null && <Was d={`M${from - 1} ${y(was)}h${thick + 1}`} />;
      if (value === null || value === undefined) return line;
      const fits = wideOf(say(plot, value), font) < (bars.length > 1 ? thick + 2 : slot) || (index === peak && place === 0);
      return (
        <>
          <Bar look={series[which]?.look} hatch={hatch} x={from} y={y(value)} width={Math.max(thick - 1, 1)} height={bottom - y(value)} />
          {line}
          {value > 0 && fits && <Word x={from + thick / 2} y={y(value) - font * 0.35} middle>{say(plot, value)}</Word>}
        </>
      );
    });
  return {
    height,
    back: <Axes plot={plot} font={font} left={left} right={width} most={most} y={y} x={(index) => x(index) + slot / 2} slot={slot} height={height} />,
    marks: marks.map((_, index) => ({ area: { x: x(index), y: top - font, width: slot, height: bottom - top + font }, picture: picture(index) })),
    front: [isBar(series[0]?.look ?? "solid") ? null : <Earlier key="was" plot={plot} x={(index) => x(index) + slot / 2} y={y} />, ...series.map(({ look }, which) => !isBar(look) && <Line key={which} plot={plot} which={which} x={x} y={y} slot={slot} font={font} />)],
  };
};

/** The first line as it ran the time before. */
function Earlier({ plot: { marks }, x, y }: { plot: Plot; x: (index: number) => number; y: (value: number) => number }) {
  const points = marks.flatMap(({ before }, index) => (typeof before?.[0] === "number" ? [`${x(index)} ${y(before[0])}`] : []));
  return points.length > 0 && <path class="was run" d={`M${points.join("L")}`} />;
}

function peakOf({ marks }: Plot, which: number): number {
  const values = marks.map((mark) => mark.values[which] ?? 0);
  return values.indexOf(Math.max(...values));
}

interface AxesProps {
  plot: Plot;
  font: number;
  left: number;
  right: number;
  most: number;
  slot: number;
  height: number;
  x: (index: number) => number;
  y: (value: number) => number;
}

/** Three lines, and as many days under them as there is room for. */
function Axes({ plot, font, left, right, most, slot, height, x, y }: AxesProps) {
  const words = plot.marks.map(({ short, label }) => short ?? label);
  const every = Math.ceil((Math.max(...words.map((word) => wideOf(word, font))) + font / 2) / slot);
  return (
    <>
      {[0, most / 2, most].map((value) => (
        <g key={value}>
          <path class="grid" d={`M${left} ${y(value)}H${right}`} />
          <Word x={left - font / 2} y={y(value) + font * 0.35} end>{say(plot, value)}</Word>
        </g>
      ))}
      {words.map((word, index) => {
        const half = wideOf(word, font) / 2;
        return index % every === 0 && <Word key={index} x={Math.min(x(index), right + font / 2 - half)} y={height - font * 0.4} middle>{word}</Word>;
      })}
    </>
  );
}

interface LineProps {
  plot: Plot;
  which: number;
  slot: number;
  font: number;
  x: (index: number) => number;
  y: (value: number) => number;
}

/** In steps: one level per day. Else from point to point, the last of them with its number. */
function Line({ plot, which, slot, font, x, y }: LineProps) {
  const look = plot.series[which]?.look;
  const points = plot.marks.map(({ values }, index) => ({ value: values[which] ?? null, x: x(index) }));
  let pen = "M";
  const path = points.map((point) => {
    if (point.value === null) pen = "M";
    if (point.value === null) return "";
    const level = y(point.value);
    const stroke = look === "step" ? `${pen}${point.x} ${level}h${slot}` : `${pen}${point.x + slot / 2} ${level}`;
    pen = "L";
    return stroke;
  });
  const last = points.reduce((known, { value, x: at }) => (value === null ? known : { value, at }), { value: -1, at: 0 });
  return (
    <>
      {look === "step" && <path class="step under" d={path.join("")} />}
      <path class={look} d={path.join("")} />
      {look === "line" && points.map((each) => each.value !== null && <circle key={each.x} class="point" cx={each.x + slot / 2} cy={y(each.value)} r={font / 4} />)}
      {look !== "step" && last.value >= 0 && (
        <Word x={last.at + slot / 2 + font / 2} y={y(last.value) + font * 0.35} strong>{say(plot, last.value, which)}</Word>
      )}
    </>
  );
}
