import { Refused } from "../data/api";
import type { AppEvent } from "../data/types";
import type { Client } from "./client";
import { callOf, type Answer, type BridgeEvent } from "./wire";

/** What goes over the bridge, for the inspector. */
export interface Crossing {
  at: string;
  way: "out" | "in";
  method: string;
  handler: "botx" | "express" | "push";
  payload: unknown;
  /** Why it went no further. */
  lost?: "offline" | "unknown";
}

interface Ends {
  /** The frame that the SmartApp runs in now. */
  frame(): Window | null;
  origin(): string;
  client: Client;
  isOffline(): boolean;
  toBot(event: BridgeEvent): Promise<unknown>;
  watch(crossing: Crossing): void;
}

/** The host's end of the bridge: believes only its own frame, answers for the client, passes on to the bot. */
export class Bridge {
  private waiting: BridgeEvent[] = [];
  /** The frame that has spoken: before its first word there is nobody in it to listen. */
  private heard: Window | null = null;
  private readonly methods = new Map<string, string>();

  constructor(private readonly ends: Ends) {}

  readonly listen = (message: MessageEvent): void => {
    const frame = this.ends.frame();
    if (!frame || message.source !== frame || message.origin !== this.ends.origin()) return;
    this.heard = frame;
    const event = callOf(message.data);
    if (event) void this.take(event);
  };

  /** An event for the SmartApp that nobody has asked for. */
  tell(type: string, fields: object = {}): void {
    this.watch("in", type, "push", fields);
    this.post({ data: { type, ...fields } });
  }

  /** What the bot has sent for this phone: the answer to one call, or news. */
  deliver({ ref, data = {}, files = [] }: AppEvent): void {
    if (this.ends.isOffline()) return this.watch("in", this.nameOf(ref), "botx", data, "offline");
    this.watch("in", this.nameOf(ref), "botx", data);
    const typed = { type: "smartapp_rpc", ...data };
    this.post(ref === undefined ? { data: typed, files } : { ref, data: typed, files });
  }

  /** The network is back: what was promised to arrive goes now. */
  resume(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const event of waiting) void this.pass(event);
  }

  private async take(event: BridgeEvent): Promise<void> {
    this.methods.set(event.ref, event.method);
    if (event.handler === "botx") return this.pass(event);
    const answer = await this.ends.client.answer(event.method, event.payload);
    this.watch("out", event.method, "express", { params: event.payload, answer }, answer ? undefined : "unknown");
    if (answer) this.post({ ref: event.ref, data: answer });
  }

  private async pass(event: BridgeEvent): Promise<void> {
    try {
      if (this.ends.isOffline()) throw new Refused("phone_offline", 503);
      this.watch("out", event.method, "botx", event.payload);
      await this.ends.toBot(event);
    } catch {
      this.watch("out", event.method, "botx", event.payload, "offline");
      if (event.guaranteed_delivery_required) this.waiting.push(event);
    }
  }

  private nameOf(ref?: string): string {
    const name = (ref === undefined ? undefined : this.methods.get(ref)) ?? "event";
    if (ref !== undefined) this.methods.delete(ref);
    return name;
  }

  private post(answer: Answer): void {
    const frame = this.ends.frame();
    if (frame && frame === this.heard) frame.postMessage(answer, this.ends.origin());
  }

  private watch(way: Crossing["way"], method: string, handler: Crossing["handler"], payload: unknown, lost?: Crossing["lost"]) {
    this.ends.watch({ at: new Date().toISOString(), way, method, handler, payload, ...(lost ? { lost } : {}) });
  }
}
