import { t } from "../i18n";
import { CopyButton } from "./CopyButton";
import { supportLine } from "./support";

/** Copies the support line. */
export function ReportButton({ label }: { label: string }) {
  return <CopyButton label={label} make={supportLine} done={t("error.copied")} field={t("error.support")} />;
}
