import type { Answers, Locale } from "../../api/types";
import * as f from "../fixtures";
import * as v from "../fixtures/views";
import { press, type Settle } from "../press";
import type { State, States } from "../state";
import { FakeUploads, fileView, someFile } from "../uploads";

const FLIGHT = "/new?form=flight";
const MB = 1 << 20;
const PICTURE = "image/jpeg";

/** Files picked on the device, one after another, with a network that does what the state needs. */
function picking(files: File[], change: Partial<FakeUploads> = {}, more: (page: HTMLElement, settle: Settle, locale: Locale) => Promise<void> = () => Promise.resolve()) {
  return (locale: Locale): State => {
    const server = Object.assign(new FakeUploads(), change);
    return {
      route: FLIGHT,
      local: draft({ direction: "khv", date: "2027-01-15" }),
      api: server.routes,
      play: async (page, settle) => {
        await choose(page, files);
        await settle();
        await more(page, settle, locale);
        page.querySelector("#f-files")?.scrollIntoView({ block: "center" });
      },
    };
  };
}

async function choose(page: HTMLElement, files: File[]): Promise<void> {
  const input = await eventually(() => page.querySelector<HTMLInputElement>("input[type=file]"));
  const chosen = new DataTransfer();
  files.forEach((file) => chosen.items.add(file));
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await eventually(() => page.querySelector(".files"));
}

async function eventually<T>(look: () => T | null): Promise<T> {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("not there");
}

async function showField(page: HTMLElement): Promise<void> {
  await eventually(() => page.querySelector(".file-state"));
  page.querySelector("#f-files")?.scrollIntoView({ block: "center" });
}

function draft(answers: Answers) {
  return {
    "draft:flight": {
      form: "flight", answers, client_key: "00000000-aaaa-4000-8000-000000000001", base_version: null,
      changed: Object.keys(answers), updated_at: f.NOW, refused: null,
    },
  };
}

const words = (locale: Locale) =>
  locale === "ru"
    ? { scan: "Справка о составе семьи, скан с печатью.pdf", photo: "Фото пропуска.jpg", table: "График на январь.xlsx" }
    : { scan: "Family certificate, stamped copy, page 1.pdf", photo: "Photo of the pass.jpg", table: "January roster.xlsx" };

const attached = (locale: Locale) => {
  const { scan, photo } = words(locale);
  return [fileView("file-1", { name: scan, size: 2_516_582 }), fileView("file-2", { name: photo, size: 348_160, type: PICTURE })];
};

const known = (locale: Locale) => ({
  "GET files/:id/info": ({ path }: { path: string }) => attached(locale).find(({ id }) => path.includes(id)),
});

/** Twenty seconds of tries pass in one. */
function hurry(): void {
  const wait = globalThis.setTimeout;
  globalThis.setTimeout = ((work: () => void, ms = 0) => wait(work, ms >= 1_000 ? ms / 100 : ms)) as typeof setTimeout;
}

/** The row of a filed application as the server words it. */
const filedView = (locale: Locale) => {
  const view = v.submittedView(locale, { files: attached(locale) });
  const row = locale === "ru" ? { field: "files", label: "Файлы", value: "2 файла" } : { field: "files", label: "Files", value: "2 files" };
  return { ...view, answers: { ...view.answers, files: ["file-1", "file-2"] }, display: [...view.display, row] };
};

const scan = (size = 12 * MB) => someFile("Справка о составе семьи, скан с печатью.pdf", size);
const photo = () => someFile("pass.heic", 340 << 10, "image/heic");

/** B5 in its states, on the form, its check, the filed application and its edit. */
export const states: States = {
  "files.uploading": picking([scan(), photo(), someFile("График.xlsx", MB)], { fates: [{ hangsAfter: 5.16 * MB }], partSize: 20 * MB }),
  "files.checking": picking([scan(MB)], { judge: () => ({ state: "checking" }) }),
  "files.ready": (locale) => ({
    route: FLIGHT,
    local: draft({ direction: "khv", date: "2027-01-15", files: ["file-1", "file-2"] }),
    api: known(locale),
    play: showField,
  }),
  "files.unfit": picking([scan(21 * MB), someFile("пустой.pdf", 0), someFile("setup.exe", 10, "application/x-msdownload")]),
  "files.refused": picking([scan(MB), photo()], { judge: (name) => ({ state: "refused", reason: name.endsWith("heic") ? "file_damaged" : "file_infected" }) }),
  "files.failed": (locale) => {
    hurry();
    return picking([scan(MB)], { fates: [{ dropsAfter: 0 }] }, async (page) => {
      await eventually(() => page.querySelector(".file.bad"));
    })(locale);
  },
  "files.too-many": picking(["1", "2", "3", "4", "5", "6"].map((name) => someFile(`Лист ${name}.pdf`, MB))),
  "files.gone": () => ({ route: FLIGHT, local: draft({ direction: "khv", date: "2027-01-15", files: ["file-9"] }), play: showField }),
  "files.sending": picking([scan(), photo()], { fates: [{ hangsAfter: MB }] }, (page, settle, locale) => press(settle, locale === "ru" ? "Отправить" : "Send", page)),
  "files.check-empty": (locale) => ({
    route: "/new/check?form=flight",
    local: draft({ direction: { other: locale === "ru" ? "Тикси" : "Tiksi" }, date: "2027-01-15" }),
  }),
  "files.express": (locale) => ({
    route: FLIGHT,
    local: draft({ direction: "khv", date: "2027-01-15" }),
    play: async (page, settle) => {
      const { host } = await import("../../platform");
      Object.assign(host, { uploads: () => new Promise(() => undefined) });
      await press(settle, locale === "ru" ? "Прикрепить файл" : "Attach a file", page);
      await showField(page);
    },
  }),
  "files.check": (locale) => ({
    route: "/new/check?form=flight",
    local: draft({ direction: { other: locale === "ru" ? "Тикси" : "Tiksi" }, date: "2027-01-15", files: ["file-1", "file-2"] }),
    api: known(locale),
    play: async (page) => {
      await eventually(() => page.querySelector(".file-link"));
    },
  }),
  "files.guided": (locale) => ({
    route: `${FLIGHT}&q=files`,
    local: draft({ direction: "khv", date: "2027-01-15" }),
    api: { ...known(locale), "GET applications": f.list() },
    play: async (page) => {
      await eventually(() => page.querySelector(".file-foot"));
    },
  }),
  "files.request": (locale) => ({ route: "/r/2027-0142", api: { "GET applications/:number": filedView(locale), ...known(locale) } }),
  "files.edit": (locale) => ({ route: "/r/2027-0142/edit", api: { "GET applications/:number": filedView(locale), ...known(locale) } }),
};
