import { signal } from "@preact/signals";
import { Bridge, getAppVisibility, getConnectionStatus, getLayoutType, ready } from "@expressms/smartapp-sdk";

import { soft, told } from "./express-answers";
import { placeOf } from "./express-links";
import type { Layout, Place } from "./host";

export type BackListener = (to: "back" | "root") => void;

/** Late is better than never: what the app was opened for may still be told after the soft timeout. */
const READY_MS = 30_000;
const LAYOUTS: readonly unknown[] = ["minimal", "half", "full"] satisfies Layout[];
const WATCHED: readonly string[] = ["connection_status", "layout_type", "app_visibility"];

/** What the eXpress client tells about itself, at launch and later. */
export class ExpressClient {
  readonly connected = signal<boolean | null>(null);
  readonly layout = signal<Layout | null>(null);
  readonly shown = signal(true);
  readonly launch = signal<Place | null>(null);
  readonly state = signal<"asked" | "silent" | "answering">("asked");
  /** The client has answered, or three seconds have passed. */
  readonly opened: Promise<void>;
  private readonly back = new Set<BackListener>();

  constructor(private readonly isIos: boolean) {
    // The bridge has no way to stop listening: there is one client in the life of a page.
    Bridge?.onReceive(({ type, payload }) => this.hear(type, payload));
    this.opened = this.open();
  }

  onBack(listener: BackListener): () => void {
    this.back.add(listener);
    return () => this.back.delete(listener);
  }

  /** Whether the client is there at all; known once it is opened, and put right by a late answer. */
  async answers(): Promise<boolean> {
    await this.opened;
    return this.state.peek() === "answering";
  }

  private async open(): Promise<void> {
    const answered = ready(READY_MS).then((answer) => this.begin(answer?.payload));
    await soft(answered);
    if (this.state.peek() === "asked") this.state.value = "silent";
    // From here names travel as they are: over both ways the same JSON arrives (botx.md 5.3).
    Bridge?.disableRenameParams();
  }

  private begin(payload: unknown): void {
    this.state.value = "answering";
    this.launch.value = placeOf(payload);
    const asked: (Promise<{ payload?: unknown }> | undefined)[] = [getConnectionStatus(), getLayoutType(), getAppVisibility()];
    for (const each of asked) void soft(each).then((answer) => this.learn(answer?.payload));
    for (const event of WATCHED) tellClient("subscribe_client_events", { event });
    // Nobody may be kept from zooming (ux.md 0.3).
    if (this.isIos) tellClient("allow_ios_pinch_to_zoom", { allowed: true });
  }

  private hear(type: string, payload: unknown): void {
    if (type === "back_pressed") this.back.forEach((tell) => tell("back"));
    else if (type === "move_to_root") this.back.forEach((tell) => tell("root"));
    else if (WATCHED.includes(type)) this.learn(payload);
  }

  /** An answer and an event of one kind carry the same facts. */
  private learn(payload: unknown): void {
    const status = told(payload, "connection_status");
    const layout = told(payload, "layout_type");
    const visible = told(payload, "visible");
    if (status === "connected" || status === "disconnected") this.connected.value = status === "connected";
    if (LAYOUTS.includes(layout)) this.layout.value = layout as Layout;
    if (typeof visible === "boolean") this.shown.value = visible;
  }
}

/** For what the SDK of this version has no function, or one that listens where we listen already. */
function tellClient(method: string, params: object): void {
  void soft(Bridge?.sendClientEvent({ method, params }));
}
