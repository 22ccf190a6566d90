import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { FakeMessenger, leaveMessenger, ok, openedHost, refused } from "../testing/messenger";

const RECORD = { type: "document", file_id: "f-1", file_name: "скан.pdf", file_size: 1024, file_mime_type: "application/pdf", file_hash: "x" };
const WISH = { types: ["application/pdf", "image/png"], maxBytes: 20 << 20, many: true };

let messenger: FakeMessenger;

beforeEach(() => {
  messenger = new FakeMessenger();
});
afterEach(leaveMessenger);

async function opened() {
  const host = await openedHost();
  await host.ready();
  return host;
}

describe("files in eXpress", () => {
  it("are picked and uploaded by the client, and come back as it names them", async () => {
    messenger.answers.upload_files = { status: "success", records: [RECORD] };
    const host = await opened();
    expect(await host.uploads?.(WISH)).toEqual([{ name: "скан.pdf", size: 1024, record: RECORD }]);
    expect(messenger.calls("upload_files")[0]?.payload).toMatchObject({ type: "*/*", maxSize: 20 << 20 });
  });

  it("are one where the form takes one, of its one type", async () => {
    messenger.answers.upload_file = { status: "success", record: RECORD };
    const host = await opened();
    expect(await host.uploads?.({ types: ["application/pdf"], maxBytes: null, many: false })).toHaveLength(1);
    expect(messenger.calls("upload_file")[0]?.payload).toMatchObject({ type: "application/pdf" });
  });

  it("are none when the person has given up, or the client has", async () => {
    messenger.answers.upload_files = { status: "error", error_code: "cancelled" };
    const host = await opened();
    expect(await host.uploads?.(WISH)).toBeNull();
  });

  it("go to the server with the call, over the bridge alone", async () => {
    messenger.answers["files.take"] = ok({ id: "1", state: "ready" }, 201);
    const host = await opened();
    const take = { method: "POST", path: "files", language: "ru", key: "k", files: [RECORD] } as const;
    expect(await host.carrier?.(take)).toEqual({ status: 201, body: { id: "1", state: "ready" } });
    expect(messenger.calls("files.take")[0]).toMatchObject({ files: [RECORD], payload: { client_key: "k" } });
    messenger.answers["files.take"] = refused(404, "unknown_file");
    expect(await host.carrier?.(take)).toMatchObject({ status: 404 });
  });
});
