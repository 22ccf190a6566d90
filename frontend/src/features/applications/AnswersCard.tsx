import type { ApplicationView, DisplayRow } from "../../api/types";
import { data, useResource } from "../../app/data";
import { t } from "../../i18n";
import { unbreak } from "../../i18n/typography";
import { Card, Details } from "../../ui/Card";
import { fieldOf, shortLabel } from "./fields";

interface AnswersCardProps {
  view: ApplicationView;
  label?: string;
  /** They stand beside it one by one. */
  withoutFiles?: boolean;
}

/** What was filed, in the server's words; facts of the profile in one line at the end. */
export function AnswersCard({ view, label, withoutFiles = false }: AnswersCardProps) {
  const form = useResource(data.form(view.form)).data.value?.form;
  // the form comes a moment later: until then the usual facts are taken for the profile's, so that nothing jumps
  const isProfile = (name: string) => (form ? (fieldOf(form, name)?.profile ?? false) : ORDER.includes(name));
  const isListed = (name: string) => withoutFiles && form !== undefined && fieldOf(form, name)?.kind === "file";
  const own = view.display.filter(({ field }) => !isProfile(field) && !isListed(field));
  const person = personText(view.display.filter(({ field }) => isProfile(field)));
  const rows = own.map(({ field, label: full, value }) => {
    const known = form && fieldOf(form, field);
    return { key: field, label: known ? shortLabel(known) : full, value: value ? unbreak(value) : t("form.check.none") };
  });
  const who = { key: "who", label: t("form.view.who"), value: person };
  return (
    <Card label={label}>
      <Details rows={person ? [...rows, who] : rows} />
    </Card>
  );
}

/** The profile's own order: who, then from where. */
const ORDER = ["full_name", "personnel_number", "position", "location", "unit"];

/** «Воронцова Анна Сергеевна, таб. № 100234, БП, МСК, ОКЭ 2». */
function personText(facts: DisplayRow[]): string {
  const sorted = [...facts].sort((a, b) => ORDER.indexOf(a.field) - ORDER.indexOf(b.field));
  const words = sorted.map(({ field, value }) => (field === "personnel_number" && value ? t("form.who.number", { number: value }) : value));
  return words.filter(Boolean).join(", ");
}
