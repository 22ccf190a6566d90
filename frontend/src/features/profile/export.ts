import { api } from "../../api/client";
import type { ApplicationView, Card, Me } from "../../api/types";

interface Everything {
  exported_at: string;
  me: Me;
  applications: ApplicationView[];
}

const PAGE = 100;

/** «Скачать мои данные»: profile and every application with its history, as the API tells them to their owner. */
export async function collectMyData(): Promise<Everything> {
  const [me, cards] = await Promise.all([api.me(), allCards()]);
  const applications: ApplicationView[] = [];
  for (const card of cards) applications.push(await api.application(card.number));
  return { exported_at: new Date().toISOString(), me, applications };
}

export async function downloadMyData(): Promise<void> {
  const text = JSON.stringify(await collectMyData(), null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `express-bot-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

async function allCards(): Promise<Card[]> {
  const cards: Card[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.applications(cursor ? { cursor, limit: PAGE } : { limit: PAGE });
    cards.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return cards;
}
