import { now } from "../../app/clock";
import { t, zoneName, type MessageKey } from "../../i18n";

/** The zones of the country, from west to east. */
export const ZONES = [
  "Europe/Kaliningrad",
  "Europe/Moscow",
  "Europe/Samara",
  "Asia/Yekaterinburg",
  "Asia/Omsk",
  "Asia/Krasnoyarsk",
  "Asia/Irkutsk",
  "Asia/Yakutsk",
  "Asia/Vladivostok",
  "Asia/Magadan",
  "Asia/Kamchatka",
] as const;

/** «Владивосток, UTC+10»; a zone from elsewhere is named by its place alone. */
export function zoneWords(zone: string): string {
  const known = (ZONES as readonly string[]).includes(zone);
  const place = known ? t(`zone.${zone}` as MessageKey) : (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
  return `${place}, ${zoneName(now(), zone)}`;
}
