import { useId, useState } from "preact/hooks";

import type { Locale } from "../../api/types";
import { build, config } from "../../app/config";
import { data, useResource } from "../../app/data";
import { Page } from "../../app/Page";
import { chooseLocale } from "../../app/preferences";
import { ReportButton } from "../../app/ReportButton";
import { goHome } from "../../app/router";
import { signOut } from "../../app/session";
import { locale, t } from "../../i18n";
import { host } from "../../platform";
import { Button, ButtonLink } from "../../ui/Button";
import { Card, Details } from "../../ui/Card";
import { ChoiceField } from "../../ui/fields/ChoiceField";
import { Skeleton } from "../../ui/Skeleton";
import { toast } from "../../ui/Toast";
import { chooseSimple, simple } from "../applications/simple";
import { ChannelsSection } from "../channels/ChannelsSection";
import { RefreshFailed } from "../home/RefreshFailed";
import { NotificationsSection } from "../notifications/NotificationsSection";
import { downloadMyData } from "./export";
import { useProfileFields } from "./fields";

/** E12: who I am, language, what I am told and where, my data, version, a problem's support line. */
export function ProfilePage() {
  return (
    <Page title={t("profile.title")}>
      <WhoIAm />
      {config.locales.length > 1 && <Language />}
      <Filling />
      <NotificationsSection />
      <ChannelsSection />
      <MyData />
      <About />
      {host.kind === "browser" && <SignOut />}
    </Page>
  );
}

function WhoIAm() {
  const id = useId();
  const me = useResource(data.me());
  const fields = useProfileFields();
  const known = me.data.value;
  return (
    <section aria-labelledby={id} class="stack tight">
      <h2 id={id}>{t("profile.me")}</h2>
      <RefreshFailed of={[me]} />
      {!known || !fields ? (
        <Skeleton heights={[21.5]} />
      ) : (
        <Card>
          <div class="stack">
            <Details
              rows={fields.map(({ name, label }) => ({
                key: name,
                label,
                value: known.display[name] ?? t("profile.unset"),
              }))}
            />
            <div class="actions">
              <ButtonLink href="/profile" variant="secondary" icon="pencil">
                {t("profile.edit.label")}
              </ButtonLink>
            </div>
          </div>
        </Card>
      )}
    </section>
  );
}

/** Each language is named in itself, so that a person who cannot read the other one finds it. */
function Language() {
  const options = config.locales.map((code) => ({ code, name: t(`profile.language.${code}`) }));
  const choose = (code: string) =>
    void chooseLocale(code as Locale).catch(() => toast(t("profile.language.failed")));
  return (
    <ChoiceField name="language" label={t("profile.language")} options={options} value={locale.value} onChange={choose} />
  );
}

/** «Упрощённый режим» (ux.md B1): one question per screen, for whoever finds that easier. */
function Filling() {
  const options = [
    { code: "page", name: t("profile.filling.page") },
    { code: "steps", name: t("profile.filling.steps") },
  ];
  return (
    <ChoiceField
      name="filling"
      label={t("profile.filling")}
      options={options}
      value={simple.value ? "steps" : "page"}
      onChange={(code) => chooseSimple(code === "steps")}
    />
  );
}

function MyData() {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const download = () => {
    setBusy(true);
    downloadMyData()
      .then(() => toast(t("profile.data.done")))
      .catch(() => toast(t("profile.data.failed")))
      .finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby={id} class="stack tight">
      <h2 id={id}>{t("profile.data")}</h2>
      <p class="small">{t("profile.data.text")}</p>
      <div class="actions">
        <Button variant="secondary" icon="download" busy={busy} onClick={download}>
          {busy ? t("profile.data.busy") : t("profile.data.action")}
        </Button>
      </div>
    </section>
  );
}

function About() {
  const id = useId();
  return (
    <section aria-labelledby={id} class="stack tight">
      <h2 id={id}>{t("profile.about")}</h2>
      <p class="small">{t("profile.version", { version: config.version || build })}</p>
      <p class="small">{`${t("profile.theme")}: ${t("profile.theme.note")}`}</p>
      <p class="small">{t("profile.report.text")}</p>
      <div class="actions">
        <ReportButton label={t("profile.report")} />
      </div>
    </section>
  );
}

function SignOut() {
  const label = config.providers.includes("demo") ? t("profile.switch") : t("profile.signout");
  return (
    <div class="actions">
      <Button variant="text" onClick={() => void signOut().then(goHome)}>
        {label}
      </Button>
    </div>
  );
}
