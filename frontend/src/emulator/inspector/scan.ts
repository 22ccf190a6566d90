/** What a finding is about; its words are `access.<rule>`. */
export interface Finding {
  rule: "name" | "contrast" | "size" | "reference";
  what: string;
  ratio?: string;
}
export interface Scan {
  checked: number;
  findings: Finding[];
}

const CONTROLS = "button, a[href], input, select, textarea, summary, iframe, [role=button], [role=link]";
const [LEAST_PX, TEXT, LARGE_TEXT] = [24, 4.5, 3];

/**
 * A quick look at what is shown now (WCAG 2.2: 4.1.2 names, 1.4.3 contrast, 2.5.8 targets, references that lead nowhere).
 * It is no audit: axe looks at every screen in the automatic tests.
 */
export function scan(root: ParentNode = document): Scan {
  const controls = [...root.querySelectorAll<HTMLElement>(CONTROLS)].filter(isShown);
  const texts = [...root.querySelectorAll<HTMLElement>("*")].filter((it) => saysSomething(it) && isShown(it));
  const findings = [
    ...controls.filter((it) => !nameOf(it)).map((it): Finding => ({ rule: "name", what: wordsOf(it) })),
    ...controls.filter(isSmall).map((it): Finding => ({ rule: "size", what: wordsOf(it) })),
    ...texts.flatMap(contrastOf),
    ...[...root.querySelectorAll<HTMLElement>("[aria-labelledby], [aria-describedby], label[for]")].flatMap(lostReferences),
  ];
  return { checked: controls.length + texts.length, findings };
}

/** Shown, and not only there for screen readers. */
function isShown(element: HTMLElement): boolean {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest("[aria-hidden=true]");
}

function saysSomething(element: HTMLElement): boolean {
  const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
  return own && !["SCRIPT", "STYLE", "OPTION"].includes(element.tagName);
}

export function nameOf(element: HTMLElement): string {
  const labelled = element.getAttribute("aria-labelledby")?.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "") ?? [];
  const labels = "labels" in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])].map((label) => label.textContent) : [];
  const own = ["INPUT", "SELECT", "TEXTAREA", "IFRAME"].includes(element.tagName) ? "" : element.textContent;
  const told = [...labelled, element.getAttribute("aria-label"), ...labels, own, element.title];
  return told.map((each) => each?.trim() ?? "").find(Boolean) ?? "";
}

/** Links within a sentence are as high as the sentence. */
function isSmall(element: HTMLElement): boolean {
  const { width, height } = (element.closest("label") ?? element).getBoundingClientRect();
  return getComputedStyle(element).display !== "inline" && Math.min(width, height) < LEAST_PX - 0.5;
}

function lostReferences(element: HTMLElement): Finding[] {
  const told = ["aria-labelledby", "aria-describedby", "for"].flatMap((name) => element.getAttribute(name)?.split(/\s+/) ?? []);
  return told.filter((id) => id && !document.getElementById(id)).map((id) => ({ rule: "reference", what: `#${id}` }));
}

function contrastOf(element: HTMLElement): Finding[] {
  const { color, fontSize, fontWeight } = getComputedStyle(element);
  const [ink, paper] = [channels(color), paperUnder(element)];
  if (!ink || !paper || element.closest("[aria-disabled=true], :disabled")) return [];
  const size = parseFloat(fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
  const found = contrast(over(ink, paper), paper);
  return found < (isLarge ? LARGE_TEXT : TEXT) ? [{ rule: "contrast", what: wordsOf(element), ratio: found.toFixed(1) }] : [];
}

type Colour = readonly [number, number, number, number];

/** `null`: a colour in words that this does not read. */
export function channels(colour: string): Colour | null {
  const [red, green, blue, alpha = 1] = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]?.split(/[ ,/]+/).map(Number) ?? [];
  return red === undefined || green === undefined || blue === undefined ? null : [red, green, blue, alpha];
}

/** Everything that lies under a text, down to the page itself. */
function paperUnder(element: HTMLElement): Colour | null {
  const layers: Colour[] = [];
  for (let at: HTMLElement | null = element; at; at = at.parentElement) {
    const layer = channels(getComputedStyle(at).backgroundColor);
    if (!layer) return null;
    layers.push(layer);
    if (layer[3] === 1) break;
  }
  return layers.reduceRight<Colour>((paper, layer) => over(layer, paper), [255, 255, 255, 1]);
}

function over(upper: Colour, lower: Colour): Colour {
  const mix = (place: 0 | 1 | 2) => upper[place] * upper[3] + lower[place] * (1 - upper[3]);
  return [mix(0), mix(1), mix(2), 1];
}

export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (value: number) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function wordsOf(element: HTMLElement): string {
  return nameOf(element).slice(0, 40) || element.textContent.trim().slice(0, 40) || `<${element.tagName.toLowerCase()} class="${element.className}">`;
}
