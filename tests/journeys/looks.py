"""What a page must be for everybody: axe without a finding, no sideways scroll, nothing cut, targets for fingers."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.journeys.built import AXE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

_RUN_AXE = """async (tags) => {
  const told = await axe.run(document, {
    runOnly: { type: "tag", values: tags },
    resultTypes: ["violations", "incomplete"],
  });
  const why = (node) => node.failureSummary ?? node.any[0]?.message ?? "";
  // axe cannot tell what lies behind letters inside an SVG; `pale` of the geometry judges them.
  const drawn = (node) => document.querySelector(node.target.join(" "))?.closest("svg text");
  const line = (kind) => ({ id, nodes }) =>
    nodes
      .filter((node) => !(kind === "incomplete" && id === "color-contrast" && drawn(node)))
      .map((node) => `${kind} ${id}: ${node.target.join(" ")} — ${why(node)}`);
  return [...told.violations.flatMap(line("violation")), ...told.incomplete.flatMap(line("incomplete"))];
}"""

#: Geometry as a person meets it: what sticks out of the window, what is cut off, words taken apart or printed over
#: each other, letters of charts that are too pale, what is too small for a finger.
_MEASURE = r"""() => {
  const width = document.documentElement.clientWidth;
  const shown = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hidden = style.visibility === "hidden" || style.clipPath === "inset(50%)" || !element.checkVisibility();
    return !hidden && box.width > 1 && box.height > 1 && !element.closest(".vh, .skip");
  };
  const name = (element) => {
    const words = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40);
    return `${element.tagName.toLowerCase()}.${element.className || "-"} «${words}»`;
  };
  const modal = document.querySelector("dialog[open]");
  const all = [...(modal ?? document.body).querySelectorAll("*")].filter(shown);
  const out = all.filter((element) => {
    const box = element.getBoundingClientRect();
    return !element.closest("svg") && (box.right > width + 0.5 || box.left < -0.5);
  });
  const cut = all.filter((element) => {
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const clips = style.overflowX !== "visible" || style.textOverflow === "ellipsis";
    return own && clips && !element.matches("input, textarea, select") && element.scrollWidth > element.clientWidth + 1;
  });
  const TARGETS = "a[href], button, input, select, textarea, summary, label.row, label.chip";
  const insideText = (element) => element.matches("a") && getComputedStyle(element).display === "inline";
  const ownLabel = (element) => element.matches("input") && element.closest("label.row, label.chip");
  const tooSmall = (element) => {
    const box = element.getBoundingClientRect();
    const [least, low] = element.matches(".day") ? [40, width < 360 ? 44 : 48] : [44, 44];
    return box.width < least - 0.5 || box.height < low - 0.5;
  };
  const small = all.filter((each) => each.matches(TARGETS) && !insideText(each) && !ownLabel(each) && tooSmall(each));
  // Words: each line of each text, where it stands; a word may be hyphenated once, not taken apart letter by letter.
  const texts = all.filter((each) => !each.closest("svg, .toasts, select")).flatMap((element) =>
    [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent.trim()).map((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()].filter((line) => line.width > 0.5);
      return { element, lines, words: node.textContent.trim().split(/[\s@.-]+/).length };
    }));
  const heights = (lines) => new Set(lines.map((line) => Math.round(line.top))).size;
  const broken = texts.filter(({ lines, words }) => heights(lines) > words + 1);
  const over = (one, other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4;
  const covered = texts.filter((one, index) => texts.slice(index + 1).some((other) =>
    other.element !== one.element && one.lines.some((line) => other.lines.some((another) => over(line, another)))));
  // Letters in charts: against the card they are drawn on.
  const light = (colour) => {
    const part = (value) => (value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const [red, green, blue] = colour.match(/[\d.]+/g).map(Number);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const isClear = (element) => /, 0\)$/.test(getComputedStyle(element).backgroundColor);
  const ground = (element) => (isClear(element) && element.parentElement ? ground(element.parentElement) : element);
  const pale = all.filter((each) => each.matches("svg text")).filter((each) => {
    const card = getComputedStyle(ground(each.closest("div"))).backgroundColor;
    const lights = [getComputedStyle(each).fill, card].map(light);
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05) < 4.5;
  });
  const size = (element) => {
    const box = element.getBoundingClientRect();
    return `${Math.round(box.width)}×${Math.round(box.height)}`;
  };
  const content = document.documentElement.scrollWidth;
  return {
    scrolls: content > width ? [`${content} in ${width}`] : [],
    out: out.map((each) => `${name(each)} ${Math.round(each.getBoundingClientRect().right)} > ${width}`),
    cut: cut.map(name),
    broken: broken.map(({ element }) => name(element)),
    pale: pale.map(name),
    covered: covered.map(({ element }) => name(element)),
    small: small.map((each) => `${name(each)} ${size(each)}`),
  };
}"""


def axe(page: Page) -> list[str]:
    """What axe finds: violations, and what it could not decide. Empty is the only good answer (ux G)."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN_AXE, list(TAGS))
    return found


def geometry(page: Page) -> list[str]:
    """What does not fit: sideways scroll, things outside the window, cut text, targets under 44 × 44."""
    measured: dict[str, Any] = page.evaluate(_MEASURE)
    return [f"{what}: {line}" for what, lines in measured.items() for line in lines]


#: The longest page we have ever seen, doubled: a window is never made higher than this.
HIGHEST = 9_000


def height_of(page: Page) -> int:
    """How high the window must be to show all of the page, or of its open sheet, at once."""
    height: int = page.evaluate(
        "() => Math.max(640, document.querySelector('dialog[open] > *')?.scrollHeight ?? 0,"
        " document.documentElement.scrollHeight) + 40"
    )
    return min(height, HIGHEST)
