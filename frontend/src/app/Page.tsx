import type { ComponentChildren } from "preact";
import { useContext, useEffect, useId, useRef } from "preact/hooks";

import { t } from "../i18n";
import { Icon } from "../ui/Icon";
import { arrival, back, Link, useRoute } from "./router";
import { SideContext } from "./side-context";

interface PageProps {
  /** The h1 and, with the product's name, the document's title. */
  title: string;
  /** Words before the h1, such as «Шаг 2 из 5». */
  step?: string | undefined;
  /** Put before the document's title, such as «Ошибка: » (ux.md B4). */
  titlePrefix?: string | undefined;
  /** Draws the back link; give a function where Back means something else than one entry back. */
  onBack?: true | (() => void) | undefined;
  /** The h1 exists for assistive tech only: the page draws its own hero. */
  hideTitle?: boolean;
  /** «Справка» stands in the same place on every screen (WCAG 3.2.6); only help itself has none. */
  help?: boolean;
  busy?: boolean;
  class?: string | undefined;
  /** Lines under the h1. */
  lead?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame of every screen: back, h1, help, content; owns document title and focus on arrival. */
export function Page(props: PageProps) {
  return useContext(SideContext) ? <SidePage {...props} /> : <MainPage {...props} />;
}

function MainPage(props: PageProps) {
  const { title, titlePrefix = "", help = true, busy = false, onBack } = props;
  const heading = useHeading(title, titlePrefix);
  const head = (
    <header class={props.hideTitle ? "vh" : "page-head"}>
      {props.step && <p class="small">{props.step}</p>}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {props.lead}
    </header>
  );
  return (
    <main id="content" class={`page ${props.class ?? ""}`} aria-busy={busy ? "true" : undefined}>
      <div class="page-top">
        {onBack ? <BackButton onBack={onBack} /> : head}
        {help && <HelpLink />}
      </div>
      {onBack && head}
      {props.children}
    </main>
  );
}

/** The left pane of a wide screen: same content, no title of the document, no focus. */
function SidePage({ title, busy = false, class: look = "", children }: PageProps) {
  const id = useId();
  return (
    <aside class={`page side ${look}`} aria-busy={busy ? "true" : undefined} aria-labelledby={id}>
      <h2 id={id} class="side-title">
        {title}
      </h2>
      {children}
    </aside>
  );
}

/** Sets the document's title; moves focus to the h1 when the person came here inside the app. */
export function useHeading(title: string, prefix = "") {
  const heading = useRef<HTMLHeadingElement>(null);
  const { path, query } = useRoute();
  const place = `${path}?${query.toString()}`;
  useEffect(() => {
    document.title = title === t("app.title") ? `${prefix}${title}` : `${prefix}${title} · ${t("app.title")}`;
  }, [title, prefix]);
  useEffect(() => {
    if (arrival.peek() === "load") return;
    heading.current?.focus({ preventScroll: true });
    if (arrival.peek() === "push") scrollTo(0, 0);
  }, [place]);
  return heading;
}

function BackButton({ onBack }: { onBack: true | (() => void) }) {
  return (
    <button type="button" class="btn text page-back" onClick={onBack === true ? back : onBack}>
      <Icon name="back" />
      {t("app.back")}
    </button>
  );
}

/** Help, in the same place on every screen. */
export function HelpLink() {
  return (
    <Link class="btn text page-help" href="/help">
      {t("app.help")}
    </Link>
  );
}
