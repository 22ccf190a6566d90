import { t } from "../../i18n";
import { Row } from "../../ui/fields/ChoiceField";
import { chooseSimple, simple } from "./simple";

/** «Упрощённый режим» for the profile page: every form asks one question per page on this device (ux B1). */
export function SimpleSwitch() {
  return (
    <Row type="checkbox" group="simple" option={{ code: "on", name: t("form.simple"), hint: t("form.simple.hint") }}
      checked={simple.value} onPick={chooseSimple} />
  );
}
