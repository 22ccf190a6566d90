import { locale } from "../../i18n";

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** «3 дня назад», «через 2 часа»: only ever beside an absolute time (ux rule 9). */
export function relative(iso: string, now: Date): string {
  const difference = Date.parse(iso) - now.getTime();
  const [unit, size] = UNITS.find(([, length]) => Math.abs(difference) >= length) ?? ["minute", 60_000];
  return new Intl.RelativeTimeFormat(locale.value, { numeric: "auto" }).format(Math.round(difference / size), unit);
}
