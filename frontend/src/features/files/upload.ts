import { ApiError, networkError } from "../../api/errors";
import { files, sendPart, type FileView, type Upload } from "../../api/files";
import type { FormField } from "../../api/types";
import { newKey } from "../applications/keys";
import { isDrawn, prepared } from "./images";
import type { Kept } from "./kept";
import { isTaken } from "./kinds";
import { pause } from "./line";
import { Transfer } from "./transfer";
import { unfitText } from "./words";

const CHECK_MS = 700;
const TOO_LARGE = { type: "about:blank", title: "", status: 413, code: "file_too_large" };

/** A file of this device, sent over HTTP in parts: a broken connection costs what had not arrived. */
export class HttpUpload extends Transfer {
  private content: Blob | null = null;

  constructor(
    private readonly what: Kept,
    field: FormField,
    /** The upload has another name on the server now: worth remembering. */
    private readonly onBegun: (what: Kept) => void,
  ) {
    super(what.key, what.name, what.file.size, field);
    const code = this.unfit();
    if (code) this.refuse(unfitText(code, field));
  }

  /** The server may forget what it has. */
  override cancel(): void {
    super.cancel();
    if (this.what.id && !this.view) void files.cancel(this.what.id).catch(() => null);
  }

  /** What can be said before anything is sent. A picture may become smaller on its way. */
  private unfit(): string | null {
    const { file, type } = this.what;
    if (!isTaken(this.field, this.what)) return "file_type_refused";
    if (file.size === 0) return "file_empty";
    return this.isTooLarge(file) && !isDrawn(type) ? "file_too_large" : null;
  }

  private isTooLarge(content: Blob): boolean {
    return content.size > (this.field.max_bytes ?? Infinity);
  }

  protected async carry(): Promise<FileView> {
    this.stage.value = "uploading";
    const content = (this.content ??= await prepared(this.what.file, this.what.type));
    this.size.value = content.size;
    if (this.isTooLarge(content)) throw new ApiError(TOO_LARGE);
    let upload = this.what.id ? await this.found(this.what.id) : await this.begun(content);
    while (upload.state === "uploading" && upload.offset < upload.size) upload = await this.part(upload, content);
    return this.checked(upload);
  }

  private async begun(content: Blob): Promise<Upload> {
    const { name, type, call } = this.what;
    const upload = await files.begin({ name, type, size: content.size }, call);
    this.remember({ id: upload.id });
    return this.told(upload);
  }

  /** Asked for before every try: what has arrived meanwhile is not sent again. */
  private async found(id: string): Promise<Upload> {
    return this.told(await this.known(() => files.progress(id)));
  }

  private async part({ id, offset, part_size: length }: Upload, content: Blob): Promise<Upload> {
    const piece = content.slice(offset, offset + length);
    const onProgress = (sent: number) => (this.sent.value = offset + Math.min(sent, piece.size));
    return this.told(await this.known(() => sendPart({ id, offset, content: piece, onProgress, signal: this.stop.signal })));
  }

  /** Left for too long, the server has forgotten the upload: the next try begins it anew. */
  private async known(call: () => Promise<Upload>): Promise<Upload> {
    try {
      return await call();
    } catch (failure) {
      if (!(failure instanceof ApiError) || failure.status !== 404) throw failure;
      this.remember({ id: null, call: newKey() });
      throw networkError("offline");
    }
  }

  /** All bytes are there; a scanner may still have its say. */
  private async checked(upload: Upload): Promise<FileView> {
    let now = upload;
    while (now.state === "checking" || !now.file) {
      this.stage.value = "checking";
      await pause(CHECK_MS, this.stop.signal);
      now = await files.progress(now.id);
    }
    return now.file;
  }

  private told(upload: Upload): Upload {
    this.sent.value = upload.offset;
    return upload;
  }

  private remember(change: Partial<Kept>): void {
    Object.assign(this.what, change);
    this.onBegun(this.what);
  }
}
