import { uploadFile, uploadFiles } from "@expressms/smartapp-sdk";

import { isDone, told } from "./express-answers";
import type { HostFile, UploadWish } from "./host";

/** The client shows its picker and uploads what is chosen; it answers once, when all of it is done or given up. */
export async function uploadOver({ types, maxBytes, many }: UploadWish): Promise<HostFile[] | null> {
  // One media type is all that can be said: with more of them everything is offered, and the server judges.
  const wish = { mimeType: types.length === 1 ? (types[0] ?? ANY) : ANY, ...(maxBytes === null ? {} : { maxSize: maxBytes }) };
  const answer: { payload?: unknown } | undefined = await (many ? uploadFiles(wish) : uploadFile(wish)).catch(() => undefined);
  if (!isDone(answer)) return null;
  const records = told(answer?.payload, "records") ?? [told(answer?.payload, "record")];
  return (Array.isArray(records) ? records : []).filter(isRecord).map(fileOf);
}

const ANY = "*/*";

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function fileOf(record: object): HostFile {
  const [name, size] = [told(record, "file_name"), told(record, "file_size")];
  return { name: typeof name === "string" ? name : "", size: Number(size ?? 0), record: inServersWords(record) };
}

/** `fileName` of a client that renames, as BotX spells it: `file_name`. */
function inServersWords(record: object): object {
  const spelled = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [spelled(name), value as unknown]));
}
