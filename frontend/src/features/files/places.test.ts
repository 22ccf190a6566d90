import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Answers, CompiledForm, FormField } from "../../api/types";
import { user } from "../../app/session";
import { locale } from "../../i18n";
import { certificate, user as person } from "../../testing/fixtures";
import { calls, mockApi, problem } from "../../testing/mock";
import { FakeUploads, someFile } from "../../testing/uploads";
import { FormSession } from "../applications/session";
import { afterUploads } from "../applications/waiting";
import { placeOf, type Place } from "./places";

const MB = 1 << 20;
const common = { required: false, profile: false, statistics: false, visible_when: null, cleanup: [], messages: {} };
const field: FormField = {
  ...common, name: "files", kind: "file", label: "Файлы", max_files: 3, max_bytes: 20 * MB, types: ["application/pdf", "image/png"],
};

let server: FakeUploads;
let answers = signal<Answers>({});
let session: FormSession;
let place: Place;
let visits = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  locale.value = "ru";
  calls.length = 0;
  server = new FakeUploads();
  mockApi(server.routes);
  user.value = { ...person("ru"), id: `u-${String((visits += 1))}` };
  answers = signal<Answers>({});
  session = opened();
  place = placeOf(session, field);
});
afterEach(() => vi.useRealTimers());

function opened(): FormSession {
  const form: CompiledForm = { ...certificate("ru"), fields: [field], summary: [], schema: {} };
  const store = answers;
  return new FormSession({
    name: "test", form: signal(form), known: signal({}), withProfile: signal(false),
    store: { answers: store, change: (_field, next) => (store.value = next) },
  });
}

const stages = () => place.transfers.value.map(({ stage }) => stage.value);
const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("a chosen file", () => {
  it("starts at once and is part of the answer when it is there", async () => {
    place.add([someFile("скан.pdf", MB)]);
    expect(session.uploads.value).toMatchObject({ underWay: 1, fields: ["files"] });
    await after(50);
    const [id] = server.uploads.keys();
    expect(answers.value).toEqual({ files: [id] });
    expect(session.uploads.value).toMatchObject({ underWay: 0, fields: [] });
  });

  it("goes on from where the connection broke, by itself, after a second", async () => {
    server.fates = ["arrives", { dropsAfter: 2 * MB }, "arrives"];
    place.add([someFile("скан.pdf", 12 * MB)]);
    await after(500);
    expect(server.parts.map(({ offset }) => offset)).toEqual([0, 5 * MB]);
    expect(stages()).toEqual(["uploading"]);
    await after(1_000);
    expect(server.parts.map(({ offset, length }) => [offset / MB, length / MB])).toEqual([[0, 5], [5, 5], [7, 5]]);
    expect(server.keys).toHaveLength(1);
    expect(answers.value.files).toHaveLength(1);
  });

  it("is tried three times more, after 1, 4 and 15 seconds, and then the person is asked", async () => {
    server.fates = [{ dropsAfter: 0 }];
    place.add([someFile("скан.pdf", MB)]);
    await after(900);
    expect(server.parts).toHaveLength(1);
    await after(4_900);
    expect(server.parts).toHaveLength(3);
    expect(stages()).toEqual(["uploading"]);
    await after(15_100);
    expect([server.parts.length, ...stages()]).toEqual([4, "failed"]);
    expect(session.check()).toBe(false);
    expect(session.messageOf("files")).toContain("скан.pdf не загрузился");
    server.fates = ["arrives"];
    place.retry(place.transfers.value[0] as never);
    await after(50);
    expect(answers.value.files).toHaveLength(1);
    expect(session.messageOf("files")).toBeUndefined();
  });

  it("takes the server's word for where it stands", async () => {
    server.fates = [{ answers: { status: 409, code: "wrong_offset" } }, "arrives"];
    place.add([someFile("скан.pdf", MB)]);
    await after(1_100);
    expect(answers.value.files).toHaveLength(1);
  });

  it("begins anew when the server has forgotten it", async () => {
    server.fates = [{ dropsAfter: 1 }, "arrives"];
    place.add([someFile("скан.pdf", MB)]);
    await after(100);
    server.uploads.clear();
    await after(6_000);
    expect(new Set(server.keys).size).toBe(2);
    expect(answers.value.files).toHaveLength(1);
  });
});

describe("what does not do", () => {
  it.each([
    ["видео.pdf", 21 * MB, "", "Не подойдёт: больше 20 МБ"],
    ["пустой.pdf", 0, "", "Не подойдёт: файл пустой"],
    ["запуск.exe", 10, "application/x-msdownload", "Не подойдёт: нужен файл PDF, PNG"],
  ])("is told before anything is sent: %s", async (name, size, type, words) => {
    place.add([someFile(name, size, type)]);
    await after(50);
    expect(place.transfers.value.map(({ why }) => plain(why.value))).toEqual([words]);
    expect(calls).toEqual([]);
    expect([session.uploads.value.underWay, session.check()]).toEqual([0, true]);
  });

  it.each([
    ["file_damaged", "Не подойдёт: файл повреждён"],
    ["file_infected", "Не подойдёт: в файле вирус"],
    ["something_new", "Не подойдёт: сервер его не принял"],
  ])("is told when the server has looked inside: %s", async (reason, words) => {
    server.judge = () => ({ state: "refused", reason });
    place.add([someFile("скан.pdf", 10)]);
    await after(50);
    expect(place.transfers.value.map(({ why }) => plain(why.value))).toEqual([words]);
    expect(answers.value).toEqual({});
  });

  it("is not tried again where the server's no will stay one", async () => {
    mockApi({ ...server.routes, "POST uploads": problem(429, "quota_exceeded", { detail: "" }) });
    place.add([someFile("скан.pdf", 10)]);
    await after(30_000);
    expect(stages()).toEqual(["refused"]);
    expect(calls).toHaveLength(1);
  });
});

describe("several files", () => {
  it("travel two at a time, and no more than the form takes", async () => {
    server.fates = [{ hangsAfter: 10 }];
    place.add(["а", "б", "в", "г"].map((name) => someFile(`${name}.pdf`, MB)));
    await after(50);
    expect(stages()).toEqual(["uploading", "uploading", "waiting"]);
    expect(plain(place.left.value)).toBe("Можно прикрепить не больше 3 файлов. Не взяли: г.pdf");
    expect(place.room).toBe(0);
    place.drop(place.transfers.value[0] as never);
    await after(50);
    expect(stages()).toEqual(["uploading", "uploading"]);
    place.dropAll();
    await after(20);
    expect(calls.filter(({ method }) => method === "DELETE")).toHaveLength(3);
  });
});

describe("sending meanwhile", () => {
  it("waits until everything is there, and part of the answers", async () => {
    const act = vi.fn(() => expect(answers.value.files).toHaveLength(1));
    place.add([someFile("скан.pdf", MB)]);
    expect(afterUploads(session, act)).toBe(true);
    expect([session.waiting.value, act.mock.calls.length]).toEqual([true, 0]);
    await after(50);
    expect([session.waiting.value, act.mock.calls.length]).toEqual([false, 1]);
    expect(answers.value.files).toHaveLength(1);
    expect(afterUploads(session, act)).toBe(false);
  });

  it("goes without what is not there yet when the person says so", async () => {
    server.fates = [{ hangsAfter: 10 }];
    const act = vi.fn();
    place.add([someFile("скан.pdf", MB)]);
    await after(20);
    afterUploads(session, act);
    session.uploads.value.drop();
    await after(20);
    expect(act).toHaveBeenCalledTimes(1);
    expect(answers.value).toEqual({});
  });

  it("does not miss a required answer that is on its way", () => {
    const required = { ...field, required: true };
    place.add([someFile("скан.pdf", MB)]);
    session.source.form.value.fields = [required];
    expect(session.check()).toBe(true);
  });
});

describe("a page that comes and goes", () => {
  it("finds its files where they were: the newest page gets the answer", async () => {
    place.add([someFile("скан.pdf", MB)]);
    const again = opened();
    expect(placeOf(again, field)).toBe(place);
    expect(again.uploads.value.underWay).toBe(1);
    await after(50);
    expect(again.uploads.value.underWay).toBe(0);
    expect(answers.value.files).toHaveLength(1);
  });

  it("leaves nothing of one person to the next", async () => {
    server.fates = [{ hangsAfter: 10 }];
    place.add([someFile("скан.pdf", MB)]);
    await after(50);
    user.value = { ...person("ru"), id: "somebody-else" };
    await after(50);
    expect(placeOf(opened(), field).transfers.value).toEqual([]);
    await after(30_000);
    expect(server.parts).toHaveLength(1);
    expect(calls.filter(({ method }) => method === "DELETE")).toEqual([]);
  });
});
