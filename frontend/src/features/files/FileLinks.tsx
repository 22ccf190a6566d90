import { useState } from "preact/hooks";

import { files, type FileView } from "../../api/files";
import { sentence } from "../../app/failure";
import { t } from "../../i18n";
import { FileName } from "../../ui/files/FileRow";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { newKey } from "../applications/keys";
import { openLink } from "./opening";
import { formatSize, shorten } from "./words";

/** Files to read: each opens by a press. */
export function FileLinks({ views }: { views: readonly FileView[] }) {
  return (
    <ul class="files">
      {views.map((view) => (
        <li key={view.id}>
          <FileButton view={view} />
        </li>
      ))}
    </ul>
  );
}

function FileButton({ view: { id, name, size } }: { view: FileView }) {
  const [busy, setBusy] = useState(false);
  const press = () => {
    if (busy) return;
    setBusy(true);
    void open(id).finally(() => setBusy(false));
  };
  return (
    <button type="button" class="file-link" aria-busy={busy ? "true" : undefined} onClick={press}>
      <Icon name="download" />
      <span class="vh">{t("files.download")} </span>
      <span class="file-text">
        <FileName name={name} short={shorten(name)} />
        <span class="cap">{formatSize(size)}</span>
      </span>
    </button>
  );
}

/** The link needs no session and lives for minutes: what opens it may be another program. */
async function open(id: string): Promise<void> {
  try {
    openLink((await files.link(id, newKey())).url);
  } catch (failure) {
    toast(sentence(failure));
  }
}
