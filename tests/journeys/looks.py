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
  const line = (kind) => ({ id, nodes }) =>
    nodes.map((node) => `${kind} ${id}: ${node.target.join(" ")} — ${node.failureSummary ?? node.any[0]?.message ?? ""}`);
  return [...told.violations.flatMap(line("violation")), ...told.incomplete.flatMap(line("incomplete"))];
}"""

#: Geometry as a person meets it: what sticks out of the window, what is cut off, what is too small for a finger.
_MEASURE = """() => {
  const width = document.documentElement.clientWidth;
  const shown = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hidden = style.visibility === "hidden" || style.display === "none" || style.clipPath === "inset(50%)";
    return !hidden && box.width > 1 && box.height > 1 && !element.closest(".vh, .skip, [hidden]");
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
  const size = (element) => {
    const box = element.getBoundingClientRect();
    return `${Math.round(box.width)}×${Math.round(box.height)}`;
  };
  return {
    scrolls: document.documentElement.scrollWidth > width ? [`${document.documentElement.scrollWidth} in ${width}`] : [],
    out: out.map((each) => `${name(each)} ${Math.round(each.getBoundingClientRect().right)} > ${width}`),
    cut: cut.map(name),
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
