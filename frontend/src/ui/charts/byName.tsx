import type { Draw, Size } from "./Chart";
import { Bar, FONT, LABEL, LETTER, Was, wideOf, Word } from "./bits";
import { greatest, say, type Plot } from "./model";

/** Things by name, longest first: bars from the left, each with its number. */
export const ranked: Draw = (plot, size, hatch) => {
  const { rem } = size;
  const { row, start, room } = rowsOf(plot, size);
  const font = FONT * rem;
  const most = Math.max(greatest(plot), 1);
  const thick = Math.min(1.5 / plot.series.length, 1) * rem;
  return {
    height: row * plot.marks.length,
    marks: plot.marks.map((mark, index) => {
      const top = row * index;
      const middle = start > 0 ? top + row / 2 : top + row / 2 + 0.75 * rem;
      return {
        area: { x: 0, y: top, width: size.width, height: row },
        picture: (
          <>
            <Label text={mark.label} at={top} row={row} start={start} size={size} />
            {mark.values.map((value, which) => {
              const y = middle + thick * (which - plot.series.length / 2);
              const length = value === null ? 0 : (value / most) * room;
              const was = mark.before && start + ((mark.before[which] ?? 0) / most) * room;
              return (
                <g key={which}>
                  {length > 0 && <Bar look={plot.series[which]?.look} hatch={hatch} x={start} y={y} width={length} height={thick - 2} />}
                  {was !== undefined && <Was d={`M${was} ${y - 1}v${thick}`} />}
                  <Word x={Math.max(start + length, was ?? 0) + font / 2} y={y + thick / 2 - 1 + font * 0.35} strong={which === 0}>{say(plot, value, which)}</Word>
                </g>
              );
            })}
          </>
        ),
      };
    }),
  };
};

/** Where there is room the names stand beside the rows, else over them. */
function rowsOf(plot: Plot, { width, rem }: Size) {
  const isWide = width > 28 * rem;
  const longest = Math.max(...plot.marks.map(({ label }) => wideOf(label, rem * LABEL)));
  const start = isWide ? Math.min(longest + rem, width / 3) : 0;
  return { row: (isWide ? 2.25 : 3.5) * rem, start, room: width - start - 3.5 * rem };
}

function Label({ text, at, row, start, size: { width, rem } }: { text: string; at: number; row: number; start: number; size: Size }) {
  const room = Math.floor((start || width) / (LETTER * LABEL * rem));
  const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
  return <text class="label" x={0} y={start > 0 ? at + row / 2 + FONT * rem * 0.35 : at + 1.25 * rem}>{shown}</text>;
}

/** How many there are of each: a circle per number, as large as many. */
export const spread: Draw = (plot, size) => {
  const { width, rem } = size;
  const { row, start } = rowsOf(plot, size);
  const font = FONT * rem;
  const head = 1.75 * font;
  const slot = (width - start) / plot.series.length;
  const most = Math.max(greatest(plot), 1);
  const widest = Math.min(slot, start > 0 ? row : row - 1.5 * rem) / 2 - 1;
  return {
    height: head + row * plot.marks.length,
    back: plot.series.map(({ label, short }, which) => <Word key={label} x={start + slot * (which + 0.5)} y={font} middle>{short ?? label}</Word>),
    marks: plot.marks.map((mark, index) => {
      const top = head + row * index;
      const middle = start > 0 ? top + row / 2 : top + row / 2 + 0.7 * rem;
      return {
        area: { x: 0, y: top, width, height: row },
        picture: (
          <>
            <Label text={mark.label} at={top} row={row} start={start} size={size} />
            {mark.values.map((value, which) => {
              const was = mark.before?.[which] ?? 0;
              if (!value && !was) return null;
              const x = start + slot * (which + 0.5);
              const look = plot.series[which]?.look === "hatch" ? "many" : "few";
              const radiusOf = (people: number) => Math.max(widest * Math.sqrt(people / most), font / 4);
              const ring = was > 0 && <circle class="was" cx={x} cy={middle} r={radiusOf(was)} />;
              if (!value) return <g key={which}>{ring}</g>;
              const radius = radiusOf(value);
              const isRoomy = radius > font * 0.8;
              return (
                <g key={which}>
                  <circle class={look} cx={x} cy={middle} r={radius} />
                  {ring}
                  <Word x={isRoomy ? x : x + radius + font / 3} y={middle + font * 0.35} middle={isRoomy} strong>{say(plot, value, which)}</Word>
                </g>
              );
            })}
          </>
        ),
      };
    }),
  };
};

const FILLS = ["solid", "hatch", "pale", "dark"];

/** Parts of a whole: one bar, and under it a line for each part. */
export const shares: Draw = (plot, { width, rem }, hatch) => {
  const font = FONT * rem;
  const whole = plot.marks.reduce((sum, { values }) => sum + (values[0] ?? 0), 0) || 1;
  const row = 2.25 * rem;
  const past = plot.marks.reduce((sum, { before }) => sum + (before?.[0] ?? 0), 0) || 1;
  const head = (plot.before === undefined ? 2.75 : 3.75) * rem;
  let end = 0;
  let pastEnd = 0;
  return {
    height: head + row * plot.marks.length,
    marks: plot.marks.map((mark, index) => {
      const part = ((mark.values[0] ?? 0) / whole) * width;
      const pastPart = ((mark.before?.[0] ?? 0) / past) * width;
      const top = head + row * index;
      const look = FILLS[index % FILLS.length];
      end += part;
      pastEnd += pastPart;
      const said = mark.values.map((value, which) => say(plot, value, which)).join(" · ");
      const was = mark.before ? ` (${mark.before.map((value, which) => say(plot, value, which)).join(" · ")})` : "";
      return {
        area: { x: 0, y: top, width, height: row },
        picture: (
          <>
            {part > 0 && <Bar look={look} hatch={hatch} x={end - part} y={0} width={Math.max(part - 2, 1)} height={2.25 * rem} />}
            {pastPart > 0 && <Bar look={look} hatch={hatch} x={pastEnd - pastPart} y={2.5 * rem} width={Math.max(pastPart - 2, 1)} height={0.75 * rem} />}
            <Bar look={look} hatch={hatch} x={0} y={top + row / 2 - font / 2} width={font} height={font} />
            <text class="label" x={font * 1.75} y={top + row / 2 + font * 0.35}>{mark.label}</text>
            <Word x={width} y={top + row / 2 + font * 0.35} end strong>{said + was}</Word>
          </>
        ),
      };
    }),
  };
};
