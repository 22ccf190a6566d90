import type { FileView } from "../../api/files";
import { t } from "../../i18n";
import { FileLinks } from "./FileLinks";

/** What was filed with an application (E9). */
export function FilesSection({ views }: { views: readonly FileView[] }) {
  if (views.length === 0) return null;
  return (
    <section aria-labelledby="files" class="stack tight">
      <h2 id="files">{t("files.title")}</h2>
      <FileLinks views={views} />
    </section>
  );
}
