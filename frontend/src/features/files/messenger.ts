import { files, type FileView } from "../../api/files";
import type { FormField } from "../../api/types";
import { t } from "../../i18n";
import type { HostFile } from "../../platform";
import { newKey } from "../applications/keys";
import { Transfer } from "./transfer";

/** The messenger's client picks and uploads, and says nothing until it is done: there is no share to tell of. */
export class MessengerPick extends Transfer {
  constructor(field: FormField) {
    super(newKey(), t("files.messenger"), 0, field);
    this.stage.value = "messenger";
  }

  protected carry(): Promise<FileView> {
    return Promise.reject(new Error("the messenger carries it"));
  }

  /** Given up by the person or by the messenger. */
  get isDropped(): boolean {
    return this.stop.signal.aborted;
  }
}

/** A file that the messenger has; our server fetches it from there. */
export class MessengerFile extends Transfer {
  constructor(
    private readonly file: HostFile,
    field: FormField,
  ) {
    super(newKey(), file.name, file.size, field);
  }

  protected carry(): Promise<FileView> {
    this.stage.value = "checking";
    return files.take(this.file.record, this.key);
  }
}
