import type { ApplicationView } from "../../api/types";
import { data, useResource } from "../../app/data";
import { t } from "../../i18n";
import { Card, Details } from "../../ui/Card";
import { fieldOf, shortLabel } from "./fields";

/** What was filed, in the server's words; facts of the profile in one line at the end. */
export function AnswersCard({ view, label = t("form.sent.what") }: { view: ApplicationView; label?: string }) {
  const form = useResource(data.form(view.form)).data.value?.form;
  const isProfile = (name: string) => (form && fieldOf(form, name)?.profile) ?? false;
  const own = view.display.filter(({ field }) => !isProfile(field));
  const person = view.display.filter(({ field }) => isProfile(field)).flatMap(({ value }) => value ?? []);
  const rows = own.map(({ field, label: full, value }) => {
    const known = form && fieldOf(form, field);
    return { key: field, label: known ? shortLabel(known) : full, value: value ?? t("form.check.none") };
  });
  const who = { key: "who", label: t("form.view.who"), value: person.join(", ") };
  return (
    <Card label={label}>
      <Details rows={person.length > 0 ? [...rows, who] : rows} />
    </Card>
  );
}
