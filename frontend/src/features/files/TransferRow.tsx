import { t } from "../../i18n";
import { FileRow, type FileTone } from "../../ui/files/FileRow";
import { RemoveButton } from "./RemoveButton";
import type { Place } from "./places";
import type { Stage, Transfer } from "./transfer";
import { formatPercent, formatSize, shorten } from "./words";

const TONES: Record<Stage, FileTone> = {
  waiting: "idle", uploading: "busy", messenger: "busy", checking: "busy", ready: "ok", failed: "bad", refused: "bad",
};

/** A file that is not attached yet, or will not be. */
export function TransferRow({ transfer, place }: { transfer: Transfer; place: Place }) {
  const { name } = transfer;
  const stage = transfer.stage.value;
  const isMoving = stage === "uploading" || stage === "messenger";
  const isUnknown = stage === "messenger";
  return (
    <FileRow name={name} short={shorten(name)} tone={TONES[stage]}
      size={isUnknown ? undefined : formatSize(transfer.size.value)}
      state={<State transfer={transfer} onRetry={() => place.retry(transfer)} />}
      progress={isMoving ? (isUnknown ? null : transfer.share.value) : undefined}
      progressLabel={t("files.progress", { name })}
      action={<RemoveButton name={name} onPress={() => place.drop(transfer)} />} />
  );
}

function State({ transfer, onRetry }: { transfer: Transfer; onRetry: () => void }) {
  switch (transfer.stage.value) {
    case "uploading":
      // everything has left the device, the server's answer is on its way
      if (transfer.share.value >= 1) return <span>{t("files.state.checking")}</span>;
      return <span>{t("files.state.uploading", { percent: formatPercent(transfer.share.value) })}</span>;
    case "refused":
      return <span>{transfer.why.value}</span>;
    case "failed":
      return (
        <>
          <span>{t("files.state.failed")}</span>
          <button type="button" class="link-btn" onClick={onRetry}>
            {t("files.retry")}
            <span class="vh">: {transfer.name}</span>
          </button>
        </>
      );
    case "checking":
      return <span>{t("files.state.checking")}</span>;
    case "messenger":
      return <span>{t("files.state.messenger")}</span>;
    default:
      return <span>{t("files.state.waiting")}</span>;
  }
}
