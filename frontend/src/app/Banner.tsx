import { t } from "../i18n";
import { host } from "../platform";
import { Icon } from "../ui/Icon";
import { config } from "./config";
import { data, slow } from "./data";

/** One line at the top about the network or a new version; empty most of the time, so that it is announced. */
export function Banner() {
  return (
    <div class="banner" role="status">
      <Message />
    </div>
  );
}

function Message() {
  if (!host.online.value) {
    return (
      <p class="banner-line">
        <Icon name="cloudOff" />
        <span>{t("net.offline")}</span>
      </p>
    );
  }
  if (isOutdated()) return <Update />;
  if (slow.value) return <p class="banner-line">{t(slow.value === "saved" ? "net.slow" : "net.slow.empty")}</p>;
  return null;
}

function Update() {
  return (
    <p class="banner-line">
      <span>
        {t("update.title")}. {t("update.text")}
      </span>
      <button type="button" class="link-btn" onClick={() => location.reload()}>
        {t("update.action")}
      </button>
    </p>
  );
}

/** The page was made by one version of the server, the API answers from another. */
function isOutdated(): boolean {
  const running = data.info().data.value?.app.version;
  return Boolean(config.version && running && running !== config.version);
}
