import { useEffect, useId, useState } from "preact/hooks";

import { api } from "../../api/client";
import type { Link, LinkCode, Linked, Messenger } from "../../api/types";
import { config } from "../../app/config";
import { data, invalidate, useResource } from "../../app/data";
import { sentence } from "../../app/failure";
import { formatDate, t } from "../../i18n";
import { host } from "../../platform";
import { Button } from "../../ui/Button";
import { Sheet } from "../../ui/Sheet";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { RefreshFailed } from "../home/RefreshFailed";
import { CodeCard, GetCode } from "./CodeCard";
import { CodeForm } from "./CodeForm";
import "./channels.css";

const MESSENGERS: readonly Messenger[] = ["express", "telegram"];
const LOOK_MS = 4_000;

/** E12: where this person is known, and how one more messenger becomes theirs. */
export function ChannelsSection() {
  const id = useId();
  const links = useResource(data.links());
  const known = links.data.value?.links;
  return (
    <section aria-labelledby={id} class="stack tight">
      <h2 id={id}>{t("links.title")}</h2>
      <p class="small">{t("links.text")}</p>
      <RefreshFailed of={[links]} />
      {known ? <Channels links={known.filter(isMessenger)} /> : links.error.value === null && <Skeleton heights={[4, 3]} />}
    </section>
  );
}

type MessengerLink = Link & { provider: Messenger };

function isMessenger(link: Link): link is MessengerLink {
  return (MESSENGERS as readonly string[]).includes(link.provider);
}

function Channels({ links }: { links: MessengerLink[] }) {
  const isThere = (messenger: Messenger) => links.some(({ provider }) => provider === messenger);
  const missing = MESSENGERS.filter((each) => !isThere(each) && isOffered(each));
  return (
    <>
      {links.length > 0 && (
        <ul class="list links">
          {links.map((link) => (
            <Row key={link.provider} link={link} />
          ))}
        </ul>
      )}
      {missing.map((each) => (
        <Connect key={each} messenger={each} />
      ))}
      {missing.length > 0 && (
        <details class="fold">
          <summary>{t("links.enter")}</summary>
          <CodeForm variant="secondary" onLinked={taken} />
        </details>
      )}
    </>
  );
}

function isOffered(messenger: Messenger): boolean {
  return messenger === "telegram" ? config.telegram !== null : config.express_bot_id !== null;
}

function Row({ link }: { link: MessengerLink }) {
  const [asking, setAsking] = useState(false);
  const channel = t(`channel.${link.provider}`);
  return (
    <li>
      <div>
        <b>{channel}</b>
        <p class="cap">{link.reachable ? t("links.since", { date: formatDate(link.linked_at) }) : t("links.unreachable")}</p>
      </div>
      {link.removable && (
        <Button variant="text" aria-label={t("links.remove.named", { channel })} onClick={() => setAsking(true)}>
          {t("links.remove")}
        </Button>
      )}
      {asking && <Remove provider={link.provider} channel={channel} onClose={() => setAsking(false)} />}
    </li>
  );
}

/** Asked once: coming back needs a new code and the other messenger at hand. */
function Remove({ provider, channel, onClose }: { provider: Messenger; channel: string; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const remove = () => {
    setBusy(true);
    api
      .unlink(provider)
      .then((left) => {
        toast(t("links.removed", { channel }));
        onClose();
        data.links().set(left);
        invalidate("notifications");
      })
      .catch((failure: unknown) => toast(sentence(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <Sheet title={t("links.remove.title", { channel })} onClose={onClose}>
      <p>{t("links.remove.text")}</p>
      <div class="actions">
        <Button variant="danger" busy={busy} onClick={remove}>
          {t("links.remove.named", { channel })}
        </Button>
        <Button variant="secondary" onClick={onClose}>
          {t("links.remove.keep")}
        </Button>
      </div>
    </Sheet>
  );
}

function Connect({ messenger }: { messenger: Messenger }) {
  const [code, setCode] = useState<LinkCode | null>(null);
  useLinkComing(code !== null);
  if (code) return <CodeCard other={messenger} code={code} onNew={setCode} />;
  return <GetCode label={t(`links.connect.${messenger}`)} onCode={setCode} />;
}

/** While a code is shown, somebody may be entering it: the list is asked again until it has changed. */
function useLinkComing(isWaiting: boolean): void {
  useEffect(() => {
    if (!isWaiting) return;
    const before = providers();
    const look = async () => {
      if (!host.visible.peek()) return;
      await data.links().refresh();
      const news = providers().find((each) => !before.includes(each));
      if (news) linked(news);
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
}

function providers(): Messenger[] {
  return (data.links().data.peek()?.links ?? []).filter(isMessenger).map(({ provider }) => provider);
}

/** A code was entered here. */
function taken({ links }: Linked): void {
  const before = providers();
  data.links().set({ links });
  linked(providers().find((each) => !before.includes(each)));
}

function linked(messenger: Messenger | undefined): void {
  if (messenger) toast(t("links.done", { channel: t(`channel.${messenger}`) }));
  invalidate("notifications", "applications:", "info", "me");
}
