import type { Option } from "../../api/types";

/** Keys of the two layouts, one under the other: `cjxb` typed for «сочи», «ыщсрш» typed for `sochi`. */
const LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё";

const SOUNDS: Record<string, string> = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ж: "zh", з: "z", и: "i", й: "i", к: "k", л: "l", м: "m", н: "n",
  о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "h", ц: "c", ч: "ch", ш: "sh", щ: "sh", ъ: "", ы: "i",
  ь: "", э: "e", ю: "iu", я: "ia",
};

/** Ways to write the same sound in Latin letters, brought to the one that `SOUNDS` gives. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/shch|sch/g, "sh"], [/kh/g, "h"], [/ts|tz/g, "c"], [/x/g, "ks"], [/y|j/g, "i"], [/w/g, "v"], [/ii/g, "i"], [/ie/g, "e"],
];

/** The options that answer to what was typed, the best first; everything when nothing was typed. */
export function search<T extends Option>(options: readonly T[], typed: string): T[] {
  const queries = readings(typed);
  if (queries.length === 0) return [...options];
  return options
    .map((option, order) => ({ option, order, rank: rankOf(option, queries) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map(({ option }) => option);
}

/** What the typed letters may have meant: as they are, and as if the other layout had been on. */
function readings(typed: string): string[] {
  const plain = simplify(typed);
  if (plain === "") return [];
  const slips = [slip(typed, LATIN_KEYS, CYRILLIC_KEYS), slip(typed, CYRILLIC_KEYS, LATIN_KEYS)];
  return [...new Set([plain, ...slips.map(simplify)])].filter(Boolean);
}

function slip(text: string, from: string, to: string): string {
  return Array.from(text.toLowerCase(), (letter) => to[from.indexOf(letter)] ?? letter).join("");
}

/** One spelling for all: small Latin letters, «ё» is «е», no spaces or dashes. */
function simplify(text: string): string {
  const small = text.toLowerCase().replaceAll("ё", "е");
  const latin = Array.from(small, (letter) => SOUNDS[letter] ?? letter).join("");
  const plain = latin.normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "");
  return SPELLINGS.reduce((text, [spelling, sound]) => text.replace(spelling, sound), plain);
}

/** 0: begins so, 1: a later word begins so, 2: code or another name, 3: somewhere inside. */
function rankOf(option: Option, queries: string[]): number {
  return Math.min(...queries.map((query) => rankFor(option, query)));
}

function rankFor(option: Option, query: string): number {
  const name = simplify(option.name);
  if (name.startsWith(query)) return 0;
  const words = option.name.split(/[\s-]+/).slice(1);
  if (words.some((word) => simplify(word).startsWith(query))) return 1;
  const others = [option.code, ...(option.synonyms ?? [])];
  if (others.some((other) => simplify(other).startsWith(query))) return 2;
  return query.length > 2 && name.includes(query) ? 3 : Infinity;
}
