import { signal } from "@preact/signals";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../../ui/Icon";
import { api } from "../data/api";
import { acting, commands } from "../data/store";
import type { MessageView } from "../data/types";
import { t } from "../i18n";
import { sendFile } from "./actions";
import { say } from "./outbox";

/** The own message that is being changed, if any. */
export const editing = signal<MessageView | null>(null);

export function Composer() {
  const [text, setText] = useState("");
  const [listed, setListed] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const current = editing.value;
  // before the next key can be pressed
  useLayoutEffect(() => {
    if (!current) return;
    setText(current.body);
    input.current?.focus();
  }, [current]);

  const send = (event: Event) => {
    event.preventDefault();
    const words = text.trim();
    if (words) void (current ? api.edit(acting(), current.id, words).catch(() => null) : say(words));
    stop();
  };
  const stop = () => {
    editing.value = null;
    setText("");
    setListed(false);
  };
  const isListed = listed || (text.startsWith("/") && !text.includes(" "));
  const choose = (body: string) => {
    void say(body);
    stop();
    input.current?.focus();
  };
  return (
    <form class="compose" onSubmit={send} onKeyDown={(event) => event.key === "Escape" && stop()}>
      {isListed && <CommandList typed={text} onChoose={choose} />}
      {current && <p class="cap">{t("chat.editing")}</p>}
      <div class="compose-row">
        <FileButton />
        <label class="vh" for="say">
          {t("chat.input")}
        </label>
        <input
          id="say"
          ref={input}
          class="say"
          value={text}
          placeholder={t("chat.placeholder")}
          autoComplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {commands.value.length > 0 && (
          <button type="button" class="round slash" aria-expanded={isListed} aria-label={t("chat.commands")} title={t("chat.commands")} onClick={() => setListed(!listed)} />
        )}
        <button type="submit" class="round strong" aria-label={t("chat.send")} title={t("chat.send")}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

function CommandList({ typed, onChoose }: { typed: string; onChoose: (body: string) => void }) {
  const fitting = commands.value.filter(({ body }) => body.startsWith(typed) || !typed.startsWith("/"));
  if (fitting.length === 0) return null;
  return (
    <ul class="commands" aria-label={t("chat.commands")}>
      {fitting.map(({ body, description }) => (
        <li key={body}>
          <button type="button" onClick={() => onChoose(body)}>
            <b>{body}</b>
            <span class="cap">{description}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function FileButton() {
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null) => {
    for (const file of list ?? []) void sendFile(file, file.name);
    if (input.current) input.current.value = "";
  };
  return (
    <>
      <input ref={input} hidden type="file" onChange={(event) => take(event.currentTarget.files)} />
      <button type="button" class="round" aria-label={t("chat.file")} title={t("chat.file")} onClick={() => input.current?.click()}>
        <Icon name="clip" />
      </button>
    </>
  );
}
