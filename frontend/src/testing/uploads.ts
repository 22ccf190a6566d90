import type { FileView, Upload } from "../api/files";
import { created, problem, type MockRequest, type Routes } from "./mock";

/** What happens to one part on its way. */
export type Fate = "arrives" | { dropsAfter: number } | { hangsAfter: number } | { answers: { status: number; code: string } };

interface Kept extends Upload {
  name: string;
  type: string;
}

/** A server that takes files in parts, and the network before it. Put it over `mockApi` with `routes`. */
export class FakeUploads {
  readonly uploads = new Map<string, Kept>();
  /** Every part that was sent: where it began and how long it was. */
  readonly parts: { id: string; offset: number; length: number }[] = [];
  readonly keys: string[] = [];
  partSize = 5 << 20;
  /** The fate of each part in its order; the last stands for all that follow. */
  fates: Fate[] = ["arrives"];
  /** What becomes of a whole file. */
  judge: (name: string) => Partial<FileView> = () => ({ state: "ready" });

  constructor() {
    globalThis.XMLHttpRequest = requestTo(this) as never;
  }

  get routes(): Routes {
    return {
      "POST uploads": (request: MockRequest) => created(this.begin(request)),
      "GET uploads/:id": ({ path }: MockRequest) => this.uploads.get(path.split("/")[1] ?? "") ?? problem(404, "unknown_file"),
      "DELETE uploads/:id": null,
      "GET files/:id/info": ({ path }: MockRequest) => this.viewOf(path.split("/")[1] ?? "") ?? problem(404, "unknown_file"),
      "POST files/:id/link": { url: "/api/smartapp/files/links/token", expires_at: "2026-11-23T07:07:00Z" },
      "DELETE files/:id": null,
    };
  }

  viewOf(id: string): FileView | null {
    const kept = this.uploads.get(id);
    return kept ? fileView(id, { name: kept.name, type: kept.type, size: kept.size, ...this.judge(kept.name) }) : null;
  }

  private begin({ body, headers }: MockRequest): Upload {
    const { name, size, type } = body as { name: string; size: number; type: string };
    const key = headers.get("Idempotency-Key") ?? "";
    this.keys.push(key);
    const id = `file-${key}`;
    const kept = this.uploads.get(id) ?? { id, offset: 0, size, part_size: this.partSize, state: "uploading", name, type };
    this.uploads.set(id, kept);
    return kept;
  }

  /** Bytes that have come through, whole or not. */
  take(id: string, offset: number, length: number, whole: boolean): { status: number; body: unknown } {
    const kept = this.uploads.get(id);
    if (!kept) return { status: 404, body: { code: "unknown_file" } };
    if (offset !== kept.offset) return { status: 409, body: { code: "wrong_offset", offset: kept.offset } };
    kept.offset += length;
    if (whole && kept.offset === kept.size) {
      const file = this.viewOf(id);
      Object.assign(kept, { state: file?.state, file });
    }
    return { status: 200, body: { ...kept } };
  }

  fate(): Fate {
    return (this.fates.length > 1 ? this.fates.shift() : this.fates[0]) ?? "arrives";
  }
}

abstract class FakeXhr {
  protected abstract readonly server: FakeUploads;
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  responseType = "";
  status = 0;
  response: unknown = null;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  onloadend?: () => void;
  private id = "";
  private readonly headers: Record<string, string> = {};

  open(_method: string, address: string): void {
    this.id = address.split("/uploads/")[1] ?? "";
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }

  send(content: Blob): void {
    setTimeout(() => this.travel(content), 1);
  }

  abort(): void {
    this.onabort?.();
    this.onloadend?.();
  }

  private travel(content: Blob): void {
    const { server } = this;
    const offset = Number(this.headers["Upload-Offset"]);
    server.parts.push({ id: this.id, offset, length: content.size });
    const fate = server.fate();
    if (fate === "arrives") return this.answer(content.size, server.take(this.id, offset, content.size, true));
    if ("answers" in fate) return this.answer(content.size, { status: fate.answers.status, body: fate.answers });
    const through = "dropsAfter" in fate ? fate.dropsAfter : fate.hangsAfter;
    this.upload.onprogress?.({ loaded: through });
    if ("hangsAfter" in fate) return;
    server.take(this.id, offset, through, false);
    this.onerror?.();
    this.onloadend?.();
  }

  private answer(loaded: number, { status, body }: { status: number; body: unknown }): void {
    this.upload.onprogress?.({ loaded });
    this.status = status;
    this.response = body;
    this.onload?.();
    this.onloadend?.();
  }
}

/** The browser's class, every instance of which calls this server. */
function requestTo(server: FakeUploads) {
  return class extends FakeXhr {
    protected override readonly server = server;
  };
}

export function fileView(id: string, change: Partial<FileView> = {}): FileView {
  const whole = { name: "файл.pdf", size: 1_258_291, type: "application/pdf", sha256: "0".repeat(64), state: "ready" as const };
  return { id, received: whole.size, created_at: "2026-11-23T07:00:00Z", ...whole, ...change };
}

/** A file of this size whose content nobody looks at. */
export function someFile(name: string, size: number, type = "application/pdf"): File {
  return new File([new Uint8Array(size)], name, { type });
}
