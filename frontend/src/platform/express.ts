import { computed } from "@preact/signals";
import { closeSmartApp, openPersonalChat, requestSelfProfile, routingChanged } from "@expressms/smartapp-sdk";

import { inTurn } from "../api/failover";
import { overHttp } from "../api/transport";
import { isDone, soft, told } from "./express-answers";
import { overBridge } from "./express-bridge";
import { ExpressClient } from "./express-client";
import { uploadOver } from "./express-files";
import { linkTo } from "./express-links";
import { ClientStore } from "./express-storage";
import type { Host, TabStore } from "./host";

/** The eXpress client around the page, on top of what its WebView has as a browser. */
export function createExpressHost(browser: Host, botId: string | null): Host {
  const client = new ExpressClient(browser.platform === "ios");
  const online = computed(() => client.connected.value ?? browser.online.value);
  const lost = computed(() => client.state.value === "silent");
  return {
    ...browser,
    kind: "express",
    ready: () => client.opened,
    lost,
    layout: client.layout,
    online,
    visible: computed(() => browser.visible.value && client.shown.value),
    // The messenger names its own language every time: a guess, not a wish of this opening.
    locale: browser.askedLocale,
    askedLocale: null,
    launch: client.launch,
    routeChanged: (isRoot) => void soft(routingChanged(isRoot)),
    onBack: (listener) => client.onBack(listener),
    close: () => void soft(closeSmartApp()),
    // The number on the SmartApp's icon is the bot's to set.
    badge: () => undefined,
    openChat: botId === null ? null : async () => isDone(await soft(openPersonalChat({ huid: botId }))),
    linkTo: botId === null ? null : (place) => linkTo(botId, place),
    uploads: uploadOver,
    carrier: inTurn(overBridge(online, lost), overHttp, () => online.peek()),
    account: () => accountOf(client),
    storage: new ClientStore(browser.storage, () => client.answers()),
    tab: memoryTab(),
  };
}

/** Where the facts stand in the answer differs (botx.md 5.4). */
async function accountOf(client: ExpressClient): Promise<string | null> {
  if (!(await client.answers())) return null;
  const answer: unknown = await soft(requestSelfProfile());
  const places = [told(told(answer, "payload"), "data"), told(answer, "payload"), told(answer, "data")];
  const huid = places.map((place) => told(place, "user_huid")).find((value) => typeof value === "string");
  return typeof huid === "string" ? huid : null;
}

/** The token stays in memory: the frame is somebody else's page, and a new one costs one call. */
function memoryTab(): TabStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => {
      if (value === null) values.delete(key);
      else values.set(key, value);
    },
  };
}
