import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { Icon, type IconName } from "../../ui/Icon";
import { api } from "../data/api";
import { acting, me, messages, people, server } from "../data/store";
import { onEvent } from "../data/stream";
import type { FileView, MessageView } from "../data/types";
import { locale, t, type Key } from "../i18n";
import { openLink } from "../phone/phone";
import { editing } from "./Composer";
import { clock, pieces, size, type Piece } from "./format";
import { Keyboard } from "./Keyboard";

/** Messages that were changed a moment ago. */
const flashing = signal<ReadonlySet<string>>(new Set());
const FLASH_MS = 1_600;
/** A bigger one is not kept by the messenger: it would have to be sent anew. */
const KEPT_FILE = 8 << 20;

export function useFlashes(): void {
  useEffect(
    () =>
      onEvent((event) => {
        if (event.topic !== "chat" || event.kind !== "edited" || !event.message) return;
        const { id } = event.message;
        flashing.value = new Set(flashing.value).add(id);
        setTimeout(() => (flashing.value = new Set([...flashing.value].filter((each) => each !== id))), FLASH_MS);
      }),
    [],
  );
}

export function Message({ message }: { message: MessageView }) {
  const mine = message.author === me.value?.huid;
  const classes = ["m", mine ? "mine" : "", flashing.value.has(message.id) ? "flash" : ""].filter(Boolean).join(" ");
  return (
    <li class={mine ? "line mine" : "line"}>
      <div class={classes} data-message={message.id}>
        <Author message={message} />
        {message.replyTo && <Quote of={message.replyTo} />}
        {message.deleted ? <p class="gone">{t("chat.deleted")}</p> : <Body message={message} />}
        <Marks message={message} mine={mine} />
      </div>
      {!message.deleted && <Keyboard message={message} markup="bubble" />}
    </li>
  );
}

/** In a chat of two everybody knows who speaks; assistive tech is told all the same. */
function Author({ message }: { message: MessageView }) {
  const person = people.value.find(({ huid }) => huid === message.author);
  const name = message.author === me.value?.huid ? t("chat.you") : (person?.name ?? server.value?.bot.names[locale.value] ?? "");
  const isOther = person && person.huid !== me.value?.huid;
  return <p class={isOther ? "author" : "vh"}>{name}</p>;
}

function Quote({ of }: { of: string }) {
  const quoted = messages.value.get(of);
  return <blockquote class="quote">{quoted?.body.slice(0, 120) ?? t("chat.deleted")}</blockquote>;
}

function Body({ message }: { message: MessageView }) {
  return (
    <>
      {message.file && <FileCard file={message.file} />}
      {message.body && <p class="words">{pieces(message.body, message.mentions).map(draw)}</p>}
    </>
  );
}

function draw({ kind, text }: Piece, index: number) {
  if (kind === "strong") return <strong key={index}>{text}</strong>;
  if (kind === "code") return <code key={index}>{text}</code>;
  if (kind === "mention") return <span key={index} class="mention">{text}</span>;
  if (kind === "plain") return text;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    openLink(text);
  };
  return <a key={index} href={text} onClick={go}>{text}</a>;
}

function FileCard({ file }: { file: FileView }) {
  return (
    <a class="file" href={`/emulator/files/${file.file_id}`} download={file.file_name}>
      <Icon name="document" />
      <span>
        <span class="file-name">{file.file_name}</span>
        <span class="cap">{size(file.file_size, locale.value)}</span>
      </span>
    </a>
  );
}

function Marks({ message, mine }: { message: MessageView; mine: boolean }) {
  return (
    <p class="marks">
      {message.edits > 0 && <span class="edited">{t("chat.edited")}</span>}
      <time dateTime={message.at}>{clock(message.at, locale.value)}</time>
      {mine && <State message={message} />}
      {mine && !message.deleted && message.file === null && message.state === "sent" && (
        <button type="button" class="mini" aria-label={t("chat.edit")} title={t("chat.edit")} onClick={() => (editing.value = message)}>
          <Icon name="pencil" />
        </button>
      )}
    </p>
  );
}

/** A bot takes a message, people in a group read it too. */
function markOf({ state, read, delivered }: MessageView): [Key, IconName] {
  if (state === "sending") return ["chat.sending", "clock"];
  if (read.length > 0) return ["chat.read", "eye"];
  return [delivered.length > 0 ? "chat.taken" : "chat.sent", "check"];
}

function State({ message }: { message: MessageView }) {
  const { state, refusal } = message;
  if (state !== "failed") {
    const [key, icon] = markOf(message);
    return (
      <span class="state" title={t(key)}>
        <Icon name={icon} />
        <span class="vh">{t(key)}</span>
      </span>
    );
  }
  return (
    <span class="state bad">
      {t("chat.failed", { why: refusal ?? "" })}
      {(message.file?.file_size ?? 0) <= KEPT_FILE && (
        <button type="button" class="link-mini" onClick={() => void api.again(acting(), message.id).catch(() => null)}>
          {t("chat.again")}
        </button>
      )}
    </span>
  );
}
