import type { ComponentChildren } from "preact";

/** Sizes of letters in rem: of numbers and axes, and of names. */
export const FONT = 0.8125;
export const LABEL = 0.9375;
/** Width of a letter, in sizes of its font; a little too much rather than too little. */
export const LETTER = 0.6;

export function wideOf(text: string, font: number): number {
  return text.length * LETTER * font;
}

interface BarProps {
  look: string | undefined;
  hatch: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export function Bar({ look, hatch, ...box }: BarProps) {
  return <rect class={`bar ${look ?? ""}`} rx="2" {...(look === "hatch" ? { fill: hatch } : {})} {...box} />;
}

/** Where the time before stood: a line across the bar. */
export function Was({ d }: { d: string }) {
  return (
    <>
      <path class="was under" d={d} />
      <path class="was" d={d} />
    </>
  );
}

interface WordProps {
  x: number;
  y: number;
  middle?: boolean;
  end?: boolean;
  strong?: boolean;
  children: ComponentChildren;
}

export function Word({ x, y, middle, end, strong, children }: WordProps) {
  return <text class={strong ? "strong" : undefined} x={x} y={y} text-anchor={middle ? "middle" : end ? "end" : undefined}>{children}</text>;
}
