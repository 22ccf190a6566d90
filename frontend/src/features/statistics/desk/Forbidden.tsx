import { ErrorScreen } from "../../../app/ErrorScreen";
import { t } from "../../../i18n";

/** Somebody has opened a dispatcher's link. */
export function Forbidden() {
  return <ErrorScreen failure={{ title: t("desk.forbidden"), text: t("desk.forbidden.text"), code: "EB-0403", retry: false }} />;
}
