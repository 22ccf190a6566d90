import type { Method, RequestOptions } from "./carrier";
import { ApiError, networkError, problemOf } from "./errors";
import { addressOf, authorization, overHttp, request, signInAnew } from "./transport";

export type FileState = "uploading" | "checking" | "ready" | "refused";

export interface FileView {
  id: string;
  name: string;
  size: number;
  type: string;
  sha256: string;
  state: FileState;
  received: number;
  created_at: string;
  /** Why it was refused: the code of the problem. */
  reason?: string | null;
}

/** Where an upload in parts stands; its id is the file's. */
export interface Upload {
  id: string;
  offset: number;
  size: number;
  part_size: number;
  state: FileState;
  file?: FileView | null;
}

export interface NewUpload {
  name: string;
  size: number;
  type: string;
}

export interface FileLink {
  url: string;
  expires_at: string;
}

/** Content goes over HTTP alone, and so does what belongs to it: two ways would only mix up where an upload stands. */
export const files = {
  begin: (body: NewUpload, key: string) => direct<Upload>("POST", "uploads", { body, key }),
  progress: (id: string) => direct<Upload>("GET", `uploads/${id}`),
  cancel: (id: string) => direct<null>("DELETE", `uploads/${id}`),
  info: (id: string) => request<FileView>("GET", `files/${id}/info`),
  link: (id: string, key: string) => request<FileLink>("POST", `files/${id}/link`, { key }),
  remove: (id: string) => request<null>("DELETE", `files/${id}`),
  /** The messenger has it; our server fetches it from there. */
  take: (record: unknown, key: string) => request<FileView>("POST", "files", { files: [record], key }),
};

async function direct<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const { language } = await authorization();
  const { status, body } = await overHttp({ ...options, method, path, language });
  if (status < 200 || status > 299) throw new ApiError(problemOf(status, body));
  return body as T;
}

export interface Part {
  id: string;
  offset: number;
  content: Blob;
  /** Bytes of this part that have left the device. */
  onProgress: (sent: number) => void;
  signal: AbortSignal;
}

/** Nothing has moved for so long: the connection is dead, whatever it says. */
const STALLED_MS = 30_000;

/** One part of an upload; `XMLHttpRequest`, because `fetch` does not tell how much has left. */
export async function sendPart(part: Part): Promise<Upload> {
  const first = await patch(part);
  const { status, body } = first.status === 401 && (await signInAnew()) ? await patch(part) : first;
  if (status < 200 || status > 299) throw new ApiError(problemOf(status, body));
  return body as Upload;
}

async function patch({ id, offset, content, onProgress, signal }: Part): Promise<{ status: number; body: unknown }> {
  const { token, language } = await authorization();
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    const stop = () => call.abort();
    const watch = stalled(stop);
    const lost = () => reject(networkError("offline"));
    call.open("PATCH", addressOf({ path: `uploads/${id}` }, document.baseURI));
    call.responseType = "json";
    call.setRequestHeader("Accept-Language", language);
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.setRequestHeader("Upload-Offset", String(offset));
    if (token) call.setRequestHeader("Authorization", `Bearer ${token}`);
    call.upload.onprogress = ({ loaded }) => {
      watch.moved();
      onProgress(loaded);
    };
    call.onload = () => resolve({ status: call.status, body: call.response as unknown });
    call.onerror = call.onabort = lost;
    call.onloadend = () => {
      watch.over();
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    if (signal.aborted) lost();
    else call.send(content);
  });
}

function stalled(stop: () => void) {
  let timer = setTimeout(stop, STALLED_MS);
  const over = () => clearTimeout(timer);
  const moved = () => {
    over();
    timer = setTimeout(stop, STALLED_MS);
  };
  return { moved, over };
}
