import { t } from "../i18n";
import { Icon, type IconName } from "../ui/Icon";
import { data } from "./data";
import { Link, useRoute } from "./router";

/** The sections that exist; at the bottom on a phone, at the top on a wide screen. */
export function Tabs() {
  const { path } = useRoute();
  const section = path === "/me" ? "me" : /^\/(desk\/)?statistics/.test(path) ? "statistics" : "home";
  const unseen = data.info().data.value?.unseen ?? 0;
  return (
    <nav class="tabs" aria-label={t("app.tabs")}>
      <ul>
        <Tab href="/" icon="document" current={section === "home"} text={t("app.tab.home")} badge={unseen} />
        <Tab href="/statistics" icon="chart" current={section === "statistics"} text={t("app.tab.statistics")} />
        <Tab href="/me" icon="person" current={section === "me"} text={t("app.tab.profile")} />
      </ul>
    </nav>
  );
}

interface TabProps {
  href: string;
  icon: IconName;
  text: string;
  current: boolean;
  badge?: number;
}

function Tab({ href, icon, text, current, badge = 0 }: TabProps) {
  return (
    <li>
      <Link href={href} aria-current={current ? "page" : undefined}>
        <span class="tab-icon">
          <Icon name={icon} />
          {badge > 0 && (
            <span class="badge" aria-hidden="true">
              {badge}
            </span>
          )}
        </span>
        {text}
        {badge > 0 && <span class="vh">{`, ${t("app.unseen", { count: badge })}`}</span>}
      </Link>
    </li>
  );
}
