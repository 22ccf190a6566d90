// The messenger around the frame. What it does wrong on purpose is set by the tests on `window.messenger`.
const asked = new URLSearchParams(location.search);
const stored = JSON.parse(localStorage.getItem("client-storage") ?? "{}");

const messenger = (window.messenger = {
  /** Every event of the app, as it came. */
  events: [],
  stored,
  connection: "connected",
  layout: asked.get("layout") ?? "minimal",
  /** Methods whose events are carried out and whose answers get lost on the way. */
  lost: new Set(),
  /** Methods that are not even carried out. */
  unsent: new Set(),
  /** The picker is open: ends it with what was chosen. */
  give: null,
  push(type, fields = {}) {
    frame.contentWindow.postMessage({ data: { type, ...fields } }, appOrigin);
  },
  connect(status) {
    messenger.connection = status;
    messenger.push("connection_status", { connection_status: status });
  },
});

const answers = {
  ready: () => ({ logs_enabled: false, is_main: false, initial_data: JSON.parse(asked.get("initial") ?? "null") }),
  routing_changes: () => ({}),
  close_smart_app: () => ({}),
  create_personal_chat: () => ({}),
  subscribe_client_events: () => ({}),
  get_connection_status: () => ({ connection_status: messenger.connection }),
  get_layout_type: () => ({ layout_type: messenger.layout }),
  get_app_visibility: () => ({ visible: true }),
  request_self_profile: () => ({ data: { user_huid: asked.get("account") ?? "7b0f", name: "Anna" } }),
  create_deeplink: ({ appId, meta }) => ({
    data: { deeplink: `https://xlnk.example/open/smartapp/${appId}?` + new URLSearchParams(meta.map(({ key, value }) => [key, value])) },
  }),
  upload_files: () => new Promise((resolve) => (messenger.give = (records) => resolve(records ? { records } : failed("cancelled")))),
  client_storage_get: ({ key }) => (key in stored ? { value: stored[key] } : failed("key_not_found")),
  client_storage_set: ({ key, value }) => keep(() => (stored[key] = value)),
  client_storage_remove: ({ key }) => (key in stored ? keep(() => delete stored[key]) : failed("key_not_found")),
};

function keep(change) {
  change();
  localStorage.setItem("client-storage", JSON.stringify(stored));
  return {};
}

function failed(code) {
  return { status: "error", error_code: code };
}

/** To the bot and back: the server of the tests stands for CTS, webhook and core. */
async function askBot({ method, payload, files = [] }) {
  if (messenger.unsent.has(method) || messenger.connection === "disconnected") return null;
  const body = JSON.stringify({ persona: asked.get("persona"), method, params: payload, files });
  const response = await fetch("rpc", { method: "POST", body });
  return messenger.lost.has(method) ? null : response.json();
}

/** What a client does not know it does not answer. */
async function answerTo(event) {
  if (event.handler === "botx") return askBot(event);
  const answer = await answers[event.method]?.(event.payload);
  return answer ? { status: "success", ...answer } : null;
}

addEventListener("message", async ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== appOrigin || data.type !== "smartapp") return;
  messenger.events.push(data.payload);
  const answer = await answerTo(data.payload);
  if (!answer) return;
  source.postMessage({ ref: data.payload.ref, data: { type: "smartapp_rpc", ...answer }, files: [] }, origin);
});

const address = new URL(asked.get("app"));
const appOrigin = address.origin;
for (const name of ["platform", "theme", "locale"]) if (asked.has(name)) address.searchParams.set(name, asked.get(name));
const frame = document.createElement("iframe");
frame.name = "app";
frame.allow = asked.get("allow") ?? "clipboard-write";
frame.src = address;
document.body.append(frame);
