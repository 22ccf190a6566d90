import { t } from "../i18n";
import "./Skeleton.css";

/** Grey blocks of the real heights (in rem): nothing jumps when the content arrives. */
export function Skeleton({ heights }: { heights: number[] }) {
  return (
    <div class="stack" aria-busy="true">
      <p class="vh" role="status">
        {t("ui.loading")}
      </p>
      {heights.map((height, index) => (
        <div key={index} class="skeleton" style={{ height: `${String(height)}rem` }} />
      ))}
    </div>
  );
}
