import type { FileView, Person } from "../data/types";
import type { ClientStore } from "./client-store";
import { done, failed, type Answer } from "./wire";

/** What the simulated client can do for the SmartApp; the page fills it with its own parts. */
export interface Surroundings {
  me(): Person | null;
  people(): Person[];
  botId(): string;
  layout(): "minimal" | "half" | "full";
  isConnected(): boolean;
  isVisible(): boolean;
  counter(): number;
  opening(): Opening;
  /** The app says where it is: on its first page, Back leaves it. */
  moved(isRoot: boolean): void;
  close(): void;
  open(meta: unknown): void;
  openChat(): void;
  openLink(link: string): void;
  openFile(file: FileView): void;
  pickFiles(many: boolean): Promise<FileView[] | null>;
  say(text: string, data?: object): Promise<void>;
  link(meta: unknown): string;
}

/** How the SmartApp was opened, as `ready` tells it. */
export interface Opening {
  initiator: string | null;
  meta: unknown;
}

type Fields = Record<string, unknown>;
type Answered = Answer["data"] | null | Promise<Answer["data"] | null>;
type Method = (params: Fields) => Answered;

/** Nothing here has an effect in a browser, and the real client says "success" too. */
const TAKEN = [
  "clean_cache", "hide_recv_data", "open_client_settings", "allow_ios_swipe_navigation", "allow_ios_pinch_to_zoom",
  "subscribe_client_events", "unsubscribe_client_events", "open_contact_card",
];

/** The client's own answers (`handler: "express"`); a method it does not know it leaves unanswered, as real ones may. */
export class Client {
  private readonly methods: Record<string, Method>;

  constructor(
    private readonly around: Surroundings,
    private readonly store: ClientStore,
  ) {
    this.methods = { ...this.lifecycle(), ...this.state(), ...this.chats(), ...this.files() };
  }

  answer(method: string, params: Fields): Answered {
    if (TAKEN.includes(method)) return done();
    return this.methods[method]?.(params) ?? this.store.answer(method, params);
  }

  private lifecycle(): Record<string, Method> {
    const { around } = this;
    const act = (work: (params: Fields) => void): Method => (params) => {
      work(params);
      return done();
    };
    return {
      ready: () => done(readiness(around.opening())),
      routing_changes: act(({ location }) => around.moved(location === "root")),
      close_smart_app: act(() => around.close()),
      open_smart_app: act(({ appId, meta }) => (appId === "" ? around.close() : around.open(meta))),
      create_deeplink: ({ meta }) => done({ data: { deeplink: around.link(meta) } }),
      handle_deeplink: act(({ link }) => around.openLink(String(link))),
    };
  }

  private state(): Record<string, Method> {
    const { around } = this;
    return {
      get_layout_type: () => done({ layout_type: around.layout() }),
      get_connection_status: () => done({ connection_status: around.isConnected() ? "connected" : "disconnected" }),
      get_app_visibility: () => done({ visible: around.isVisible() }),
      get_unread_counter: () => done({ unread_counter: around.counter() }),
      get_smartapp_list: () => done({ smartapp_list: [{ app_id: around.botId(), id: around.botId(), enabled: true, name: "SmartApp" }] }),
      request_self_profile: () => this.profile(),
      request_location: () => done({ data: { latitude: 55.9726, longitude: 37.4146 }, latitude: 55.9726, longitude: 37.4146 }),
    };
  }

  /** Where the facts stand in the real answer is not documented: they stand in both places here. */
  private profile(): Answered {
    const me = this.around.me();
    if (!me) return failed("unknown_user");
    const facts = { user_huid: me.huid, name: me.name, company_position: me.position };
    return done({ ...facts, data: facts });
  }

  private chats(): Record<string, Method> {
    const { around } = this;
    const openChat: Method = () => {
      around.openChat();
      return done();
    };
    const say: Method = ({ message }) => {
      const { body, data } = (message ?? {}) as { body?: string; data?: object };
      return around.say(body ?? "", data).then(
        () => done(),
        () => failed("not_sent"),
      );
    };
    const entries = () => around.people().map(({ huid, name, position }) => ({ user_huid: huid, name, company_position: position }));
    return {
      ...{ create_personal_chat: openChat, open_personal_chat: openChat, open_group_chat: openChat, open_chat_message: openChat },
      ...{ send_message: say, send_bot_command: say },
      get_chats: () => done({ chats: [] }),
      search_corporate_phonebook: () => done({ corporate_phonebook_entries: entries() }),
    };
  }

  private files(): Record<string, Method> {
    const { around } = this;
    return {
      upload_file: async () => {
        const [record] = (await around.pickFiles(false)) ?? [];
        return record ? done({ record }) : failed("cancelled");
      },
      upload_files: async () => {
        const records = await around.pickFiles(true);
        return records ? done({ records }) : failed("cancelled");
      },
      open_file: ({ file, ...rest }) => {
        around.openFile((file ?? rest) as FileView);
        return done();
      },
    };
  }
}

function readiness({ initiator, meta }: Opening) {
  return {
    logs_enabled: false,
    is_main: true,
    is_pinned: true,
    open_smart_app_meta: initiator === "smart_app" ? meta : null,
    initial_data: initiator && initiator !== "smart_app" ? { initiator, meta } : null,
    rules: [],
  };
}
