import { signal } from "@preact/signals";

import { api } from "../data/api";
import { acting, persona } from "../data/store";
import type { FileView } from "../data/types";
import { samplePdf } from "./sample";

/** The SmartApp has asked for a file: the phone shows its picker until somebody chooses or gives up. */
export interface Asked {
  many: boolean;
  settle: (records: FileView[] | null) => void;
}

export const asked = signal<Asked | null>(null);
export const BIG = 100 << 20;

export function askForFiles(many: boolean): Promise<FileView[] | null> {
  asked.value?.settle(null);
  return new Promise((resolve) => {
    const settle = (records: FileView[] | null) => {
      asked.value = null;
      resolve(records);
    };
    asked.value = { many, settle };
  });
}

/** The client uploads what was chosen and tells the SmartApp where it is. */
export async function give(files: readonly File[]): Promise<void> {
  const records = await Promise.all(files.map((file) => upload(file, file.name)));
  asked.value?.settle(records);
}

/** The learning document, or with a size a file of so many bytes of nothing. */
export async function giveSample(name: string, size = 0): Promise<void> {
  asked.value?.settle([await upload(new Blob([size ? "" : samplePdf()]), name, size)]);
}

async function upload(content: Blob, name: string, size = 0): Promise<FileView> {
  const { record } = await api.appFile({ persona: persona.value, phone: acting().phone }, content, name, size);
  return record;
}
