import { files } from "../../api/files";
import { useResource } from "../../app/data";
import { t } from "../../i18n";
import { FileRow } from "../../ui/files/FileRow";
import { toast } from "../../ui/Toast";
import { fileOf } from "./known";
import type { Place } from "./places";
import { RemoveButton } from "./RemoveButton";
import { formatSize, shorten } from "./words";

/** Longer than the toast that brings it back stands. */
const FORGET_MS = 15_000;

/** A file that is part of the answer. */
export function AttachedRow({ id, place }: { id: string; place: Place }) {
  const { data, error } = useResource(fileOf(id));
  const known = data.value;
  const isGone = error.value?.status === 404;
  const name = known?.name ?? t("files.unnamed");
  return (
    <FileRow name={name} short={shorten(name)} tone={isGone ? "bad" : "ok"} size={known && formatSize(known.size)}
      state={<span>{t(isGone ? "files.gone" : "files.state.ready")}</span>}
      action={<RemoveButton name={name} onPress={() => remove(id, place)} />} />
  );
}

/** Gone at once and back by one press; the server may forget it when nobody wants it back. */
function remove(id: string, place: Place): void {
  const order = place.ids;
  place.answer(order.filter((each) => each !== id));
  const restore = () => place.answer(order.filter((each) => each === id || place.ids.includes(each)).concat(place.ids));
  toast(t("files.removed"), { action: { label: t("form.withdraw.undo"), run: restore } });
  if (place.isDraft) setTimeout(() => place.ids.includes(id) || void files.remove(id).catch(() => null), FORGET_MS);
}
