import { press, find } from "../chat/actions";
import { say as type } from "../chat/outbox";
import { alert, server, shown } from "../data/store";
import type { ButtonView, MessageView } from "../data/types";
import { dwell, Ended, until } from "./director";

/** A choice is what stands after the third dot of a button's token: it does not depend on the language. */
export function choiceOf(button: ButtonView): string {
  const token = button.data?.token;
  return typeof token === "string" ? token.split(".").slice(3).join(".") : "";
}

const saidByBot = () => shown.value.filter(({ author, deleted }) => author === server.value?.bot.id && !deleted);

export function fromBot(): MessageView | null {
  return saidByBot().at(-1) ?? null;
}

/** What the chat looks like at its end, for whoever has to find out why the tour stopped. */
export function lastWords(): string {
  const said = saidByBot().slice(-2).map(({ body, bubble }) => `«${body}» [${bubble.flat().map(choiceOf).join(" ")}]`);
  return said.length > 0 ? `; the bot's last words: ${said.join(", ")}` : "";
}

/** Longer than the pause between the changes of one answer: an old card is put off, then the new one comes. */
const QUIET_MS = 500;

/** The person's own words are no answer, however long the bot's take. */
const looks = () => saidByBot().map(({ id, edits }) => `${id}:${String(edits)}`).join();

/** Presses the first button whose choice matches, and waits until the bot has answered. */
export async function choose(wanted: RegExp): Promise<string> {
  const place = find(shown.value, (button) => wanted.test(choiceOf(button)) && !button.opts?.alert_text);
  const button = place?.message[place.markup][place.row]?.[place.column];
  if (!place || !button) throw new Ended(`no button ${String(wanted)}`);
  const before = looks();
  alert.value = null;
  await press(place.message, place.markup, place.row, place.column);
  await until(`an answer to «${button.label}»`, () => looks() !== before);
  await settled(button.label);
  return choiceOf(button);
}

/** The bot has said all it had to say: its last message stands still and has buttons. */
async function settled(what: string): Promise<void> {
  let [last, since] = [looks(), Date.now()];
  await until(`the end of the answer to «${what}»`, () => {
    if (looks() !== last) [last, since] = [looks(), Date.now()];
    return Date.now() - since > QUIET_MS && (fromBot()?.bubble.length ?? 0) > 0;
  });
  await dwell(300);
}

export async function write(text: string): Promise<void> {
  const before = looks();
  await type(text);
  await until(`an answer to «${text}»`, () => looks() !== before);
  await settled(text);
}

export function offers(wanted: RegExp): boolean {
  const message = fromBot();
  return message !== null && find([message], (button) => wanted.test(choiceOf(button)) && !button.opts?.alert_text) !== null;
}

/** How a conversation begins: anew after a pause, as a newcomer, by an earlier direction, by the form itself. */
const BEGINNINGS = [/^restart$/, /^hi$/, /^chip:0$/, /^(new|on):flight/];

export async function beginFiling(): Promise<void> {
  await settled("a greeting");
  await choose(BEGINNINGS.find(offers) ?? /^new:flight/);
}

/** What a question of the form may be answered with, most wished first. */
const ANSWERS = [/^yes$/, /^go:\d{4}-\d\d-15$/, /^go:\d{4}-/, /^go:/];
const MOST = 14;

/** Answers every question until the check before sending; a question without choices gets the number. */
export async function answerAll(number: string): Promise<number> {
  let presses = 0;
  for (let turn = 0; turn < MOST && !offers(/^send$/); turn += 1) {
    const wanted = ANSWERS.find(offers);
    if (wanted) {
      await choose(wanted);
      presses += 1;
    } else await write(number);
  }
  await until("the check before sending", () => offers(/^send$/));
  return presses;
}
