import type { FormField } from "../../api/types";

/** Short names of media types for people, and the endings that files of this type have. */
const KINDS: Readonly<Partial<Record<string, { name: string; endings: readonly string[] }>>> = {
  "application/pdf": { name: "PDF", endings: ["pdf"] },
  "image/jpeg": { name: "JPG", endings: ["jpg", "jpeg"] },
  "image/png": { name: "PNG", endings: ["png"] },
  "image/heic": { name: "HEIC", endings: ["heic"] },
  "image/heif": { name: "HEIC", endings: ["heif"] },
  "image/webp": { name: "WEBP", endings: ["webp"] },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": { name: "DOCX", endings: ["docx"] },
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { name: "XLSX", endings: ["xlsx"] },
  "text/plain": { name: "TXT", endings: ["txt"] },
  "text/csv": { name: "CSV", endings: ["csv"] },
};

/** «PDF, JPG, PNG»: what the form takes, in its own order; empty where it takes everything. */
export function namesOf({ types = [] }: Pick<FormField, "types">): string {
  return [...new Set(types.map(nameOf))].join(", ");
}

function nameOf(type: string): string {
  return KINDS[type]?.name ?? (type.split("/").at(-1) ?? type).replace(/^\./, "").toUpperCase();
}

/** The browser's word, or what the ending says: desktops do not know every type. */
export function typeOf(file: { name: string; type: string }): string {
  if (file.type) return file.type;
  const known = Object.entries(KINDS).find(([, kind]) => kind?.endings.includes(endingOf(file.name)));
  return known?.[0] ?? "application/octet-stream";
}

/** A first look for a quick answer; what is really inside the server looks at. */
export function isTaken({ types = [] }: Pick<FormField, "types">, file: { name: string; type: string }): boolean {
  const ending = endingOf(file.name);
  const isKind = (type: string) => type === typeOf(file) || type.replace(/^\./, "").toLowerCase() === ending || (KINDS[type]?.endings.includes(ending) ?? false);
  return types.length === 0 || types.some(isKind);
}

function endingOf(name: string): string {
  return name.includes(".") ? (name.split(".").at(-1) ?? "").toLowerCase() : "";
}
