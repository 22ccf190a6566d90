import { Button } from "../../ui/Button";
import { t } from "../i18n";
import { caption, isPaused, isRunning, step, stop } from "./director";

/** What is happening now, in words, with a way to wait and a way out. */
export function TourBar() {
  const said = caption.value;
  if (!said) return null;
  const { now, of } = step.value;
  return (
    <aside class="tour" aria-label={t("tour.title")}>
      <progress max={of} value={now} aria-label={t("tour.progress")} />
      <p role="status">{t(said.key, said.params)}</p>
      {isRunning.value ? (
        <div class="tour-keys">
          <Button variant="secondary" onClick={() => (isPaused.value = !isPaused.value)}>
            {t(isPaused.value ? "tour.go" : "tour.pause")}
          </Button>
          <Button variant="text" onClick={stop}>
            {t("tour.stop")}
          </Button>
        </div>
      ) : (
        <Button variant="secondary" onClick={() => (caption.value = null)}>
          {t("tour.close")}
        </Button>
      )}
    </aside>
  );
}
