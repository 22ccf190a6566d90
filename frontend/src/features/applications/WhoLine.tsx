import type { Me } from "../../api/types";
import { Link } from "../../app/router";
import { t } from "../../i18n";

/** Facts of the profile that go with the application; asked once, changed in one place (ux rule 1). */
export function WhoLine({ me }: { me: Me }) {
  const { display, user } = me;
  const number = display.personnel_number && t("form.who.number", { number: display.personnel_number });
  const person = [user.short_name, number, display.position].filter(Boolean).join(", ");
  const place = [display.location, display.unit].filter(Boolean).join(", ");
  return (
    <div class="who">
      <p class="small">
        {person}
        <br />
        {place}
      </p>
      <Link class="link-btn" href="/profile" aria-label={t("form.who.editLabel")}>
        {t("form.who.edit")}
      </Link>
    </div>
  );
}
