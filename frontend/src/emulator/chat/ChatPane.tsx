import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { api } from "../data/api";
import { acting, alert, chat, chats, goTo, isFrozen, isOffline, me, phase, server, shown, typing, unread } from "../data/store";
import { locale, t } from "../i18n";
import { Composer } from "./Composer";
import { Keyboard } from "./Keyboard";
import { Message, useFlashes } from "./MessageView";
import { waiting } from "./outbox";

/** The messenger's chat of the chosen person. `visible`: before somebody's eyes, so that it counts as read. */
export function ChatPane({ visible }: { visible: boolean }) {
  useReading(visible);
  useFlashes();
  return (
    <section class="pane chat" aria-label={t("chat.title")}>
      <Header />
      <Messages />
      <Alert />
      <LastKeyboard />
      <Composer />
    </section>
  );
}

function Header() {
  const name = chat.value?.kind === "chat" ? server.value?.bot.names[locale.value] : chat.value?.name;
  const state = phase.value !== "ready" ? "away" : isOffline.value ? "offline" : isTyping() ? "typing" : "there";
  return (
    <header class="chat-head">
      <div>
        <h2>{name ?? t("chat.title")}</h2>
        <p class="cap" role="status">
          {t(`chat.state.${state}`)}
        </p>
      </div>
      <ChatSwitch />
    </header>
  );
}

const isTyping = () => typing.value.has(chat.value?.id ?? "");

/** The own chat with the bot, and the groups that both are in. */
function ChatSwitch() {
  const huid = me.value?.huid ?? "";
  const groups = [...chats.value.values()].filter(({ kind, members }) => kind !== "chat" && members.includes(huid));
  const options = [{ id: me.value?.chat ?? "", name: t("chat.personal") }, ...groups];
  return (
    <label class="switch">
      <span class="vh">{t("chat.which")}</span>
      <select value={chat.value?.id} onChange={(event) => goTo(event.currentTarget.value)}>
        {options.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Messages() {
  const box = useRef<HTMLDivElement>(null);
  const list = shown.value;
  const here = waiting.value.filter(({ who }) => (who.chat ?? me.value?.chat) === chat.value?.id && who.persona === me.value?.persona);
  const last = list.at(-1);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last?.id, last?.edits, here.length, chat.value?.id]);
  return (
    // a box that scrolls has to be reachable by keyboard
    <div class="messages" ref={box} tabIndex={0} role="log" aria-label={t("chat.messages")}>
      <ol>
        {list.map((message) => (
          <Message key={message.id} message={message} />
        ))}
        {here.map(({ id, text }) => (
          <li key={`w${id}`} class="line mine">
            <div class="m mine">
              <p class="words">{text}</p>
              <p class="marks">
                <span class="state warn">
                  <Icon name="cloudOff" />
                  {t("chat.waiting")}
                </span>
              </p>
            </div>
          </li>
        ))}
      </ol>
      {list.length === 0 && here.length === 0 && <p class="cap empty">{t("chat.empty")}</p>}
    </div>
  );
}

/** What the client itself shows on a press: a reason, or that nothing could be done. */
function Alert() {
  const button = useRef<HTMLDivElement>(null);
  const text = alert.value;
  // before the next key can be pressed
  useLayoutEffect(() => {
    if (text) button.current?.querySelector("button")?.focus();
  }, [text]);
  if (!text) return null;
  const close = () => (alert.value = null);
  return (
    <div class="alert" role="alertdialog" aria-label={t("chat.alert")} aria-describedby="alert-text" ref={button} onKeyDown={(event) => event.key === "Escape" && close()}>
      <p id="alert-text">{text}</p>
      <Button variant="secondary" onClick={close}>
        {t("chat.ok")}
      </Button>
    </div>
  );
}

/** The newest message that brought a keyboard decides what stands under the messages. */
function LastKeyboard() {
  const message = [...shown.value].reverse().find(({ keyboard, deleted }) => keyboard.length > 0 && !deleted);
  return message ? (
    <div class="under">
      <Keyboard message={message} markup="keyboard" />
    </div>
  ) : null;
}

function useReading(visible: boolean): void {
  const count = unread.value;
  useEffect(() => {
    const look = () => {
      if (visible && unread.peek() > 0 && document.visibilityState === "visible" && !isFrozen.peek()) void api.read(acting()).catch(() => null);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [visible, count]);
}
