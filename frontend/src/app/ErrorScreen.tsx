import { useEffect } from "preact/hooks";

import { formatTime, t } from "../i18n";
import { Button, ButtonLink } from "../ui/Button";
import { ErrorPage } from "../ui/ErrorPage";
import { ChatButton } from "./ChatButton";
import { describe, type Failure } from "./failure";
import { HelpLink } from "./Page";
import { ReportButton } from "./ReportButton";
import { rememberFailure } from "./support";

interface ErrorScreenProps {
  error?: unknown;
  /** Instead of an error: a page that is not one (an unknown address, an update). */
  failure?: Failure;
  /** What «Повторить» does; without it the page is loaded anew. */
  onRetry?: (() => void) | undefined;
  /** It is being tried again. */
  busy?: boolean;
  /** Nothing else can be opened before this is solved: no ways into the app are offered. */
  closed?: boolean;
}

/** A whole screen that cannot be shown: one layout, one main button, a code and a time to quote. */
export function ErrorScreen({ error, failure, onRetry, busy = false, closed = false }: ErrorScreenProps) {
  const shown = failure ?? describe(error);
  const time = formatTime(new Date().toISOString());
  useEffect(() => {
    rememberFailure(shown.code);
    document.title = shown.title;
  }, [shown.code, shown.title]);
  return (
    <main id="content" class="page">
      <div class="page-top">{!closed && <HelpLink />}</div>
      <ErrorPage
        title={shown.title}
        text={shown.text}
        code={shown.code}
        time={time}
        action={
          <div class="actions">
            {shown.retry && <Retry onRetry={onRetry} busy={busy} />}
            {!closed && <ButtonLink variant={shown.retry ? "secondary" : "primary"} href="/">{t("app.home")}</ButtonLink>}
            <ChatButton variant="secondary" label={t("error.chat")} />
            <ReportButton label={t("error.report")} />
          </div>
        }
      />
    </main>
  );
}

function Retry({ onRetry, busy }: Pick<ErrorScreenProps, "onRetry" | "busy">) {
  return (
    <Button busy={busy ?? false} onClick={onRetry ?? (() => location.reload())}>
      {t("app.retry")}
    </Button>
  );
}

/** An address that no screen answers to. */
export function UnknownPage() {
  const title = t("error.404.title");
  return <ErrorScreen failure={{ title, text: t("error.404.text"), code: "EB-0404", retry: false }} />;
}

/** These files and the server are of different versions, and a piece of the old one is gone. */
export function UpdatePage() {
  return <ErrorScreen failure={{ title: t("update.title"), text: t("update.text"), code: "EB-0409", retry: true }} />;
}
