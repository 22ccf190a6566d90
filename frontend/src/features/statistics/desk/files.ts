import type { Plot } from "../../../ui/charts/model";
import { locale } from "../../../i18n";
import { zip } from "./zip";

export type Kind = "csv" | "xlsx";
type Cell = string | number | null;

const MIME: Record<Kind, string> = {
  csv: "text/csv;charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};
const SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
/** A spreadsheet runs a cell that begins like this (trust.md: tables out). */
const FORMULA = /^[\s"]*[=+\-@\t\r\n\u2212\uff1d\uff0b\uff0d\uff20]/;

/** What the tables of a figure print, one under the other. */
export function cells(plots: Plot[]): Cell[][] {
  return plots.flatMap(({ label, series, marks }, index) => [
    ...(index > 0 ? [[]] : []),
    [label, ...series.map((each) => each.label)],
    ...marks.map((mark) => [plain(mark.label), ...series.map((_, which) => mark.values[which] ?? null)]),
  ]);
}

export function csv(plots: Plot[]): string {
  const separator = locale.value === "en" ? "," : ";";
  return `\ufeff${cells(plots).map((row) => row.map(csvCell).join(separator)).join("\r\n")}\r\n`;
}

export function xlsx(plots: Plot[]): Uint8Array<ArrayBuffer> {
  const rows = cells(plots).map((row) => `<row>${row.map(sheetCell).join("")}</row>`).join("");
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
  const type = (part: string, name: string) => `<Override PartName="${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${name}+xml"/>`;
  const relation = (name: string, target: string) => `${head}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/${name}" Target="${target}"/></Relationships>`;
  return zip({
    "[Content_Types].xml": `${head}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${type("/xl/workbook.xml", "sheet.main")}${type("/xl/sheet.xml", "worksheet")}</Types>`,
    "_rels/.rels": relation("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": `${head}<workbook xmlns="${SHEET}" xmlns:r="${OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relation("worksheet", "sheet.xml"),
    "xl/sheet.xml": `${head}<worksheet xmlns="${SHEET}"><cols><col min="1" max="1" width="32" customWidth="1"/></cols><sheetData>${rows}</sheetData></worksheet>`,
  });
}

export function saveFile(kind: Kind, title: string, plots: Plot[]): void {
  const url = URL.createObjectURL(new Blob([kind === "csv" ? csv(plots) : xlsx(plots)], { type: MIME[kind] }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${title.replace(/[?"<>|:*/\\]/g, "")}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

/** Spaces that do not break are for screens. */
function plain(text: string): string {
  return text.replaceAll("\u00a0", " ");
}

function csvCell(cell: Cell): string {
  if (typeof cell === "number") return locale.value === "en" ? String(cell) : String(cell).replace(".", ",");
  if (cell === null) return "";
  return `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`;
}

/** A text is an inline string: never a formula, whatever it begins with. */
function sheetCell(cell: Cell): string {
  if (typeof cell === "number") return `<c><v>${String(cell)}</v></c>`;
  const text = (cell ?? "").replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;" })[sign] ?? "&gt;");
  return cell === null ? "<c/>" : `<c t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}
