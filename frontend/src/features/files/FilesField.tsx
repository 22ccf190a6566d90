import { t } from "../../i18n";
import { host } from "../../platform";
import { GroupFrame, type FieldProps } from "../../ui/fields/frame";
import { AttachButton } from "../applications/AttachButton";
import type { Field } from "../applications/fields";
import type { FormSession } from "../applications/session";
import { AttachedRow } from "./AttachedRow";
import { MessengerPick } from "./messenger";
import { placeOf, type Place } from "./places";
import { useSaid } from "./said";
import type { Transfer } from "./transfer";
import { TransferRow } from "./TransferRow";
import { limitsOf } from "./words";

interface FilesFieldProps extends FieldProps {
  session: FormSession;
  field: Field;
}

/** Files were chosen; null: the messenger's own picker is wanted. */
export function attach(session: FormSession, field: Field, chosen: readonly File[] | null): void {
  const place = placeOf(session, field);
  if (chosen === null) void place.addFromMessenger();
  else place.add(chosen);
}

/** A form opens: what a closed page had not finished goes on. */
export function openFiles(session: FormSession): void {
  session.form.fields.filter(({ kind }) => kind === "file").forEach((field) => placeOf(session, field));
}

/** B5: what is attached, what is on its way, and the button for more. Limits and words are the form's own. */
export function FilesField({ session, field, hint, ...frame }: FilesFieldProps) {
  const place = placeOf(session, field);
  const { ids } = place;
  const coming = place.transfers.value.filter(({ stage }) => stage.value !== "ready");
  const said = useSaid(place);
  return (
    <GroupFrame {...frame} hint={[hint, limitsOf(field)].filter(Boolean).join(". ")}>
      {ids.length + coming.length > 0 && (
        <ul class="files">
          {ids.map((id) => (
            <AttachedRow key={id} id={id} place={place} />
          ))}
          {coming.map((transfer) => (
            <TransferRow key={transfer.key} transfer={transfer} place={place} />
          ))}
        </ul>
      )}
      <Foot {...{ session, field, place, coming }} />
      <p class="vh" role="status">
        {said}
      </p>
    </GroupFrame>
  );
}

interface FootProps {
  session: FormSession;
  field: Field;
  place: Place;
  coming: readonly Transfer[];
}

/** While the messenger's picker is open, or where it never opens, the device's own is still there. */
function Foot({ session, field, place, coming }: FootProps) {
  const isPicking = coming.some((each) => each instanceof MessengerPick);
  const isFull = place.room === 0 && !isPicking;
  const words = t(place.ids.length + coming.length === 0 ? "files.attach" : "files.more");
  return (
    <div class="file-foot">
      {(place.left.value || isFull) && <p class="small">{place.left.value || t("files.full")}</p>}
      {!isFull && !isPicking && (
        <AttachButton class="btn secondary" {...{ session, field }}>
          {words}
        </AttachButton>
      )}
      {host.uploads && !isFull && (
        <AttachButton class="btn text" own {...{ session, field }}>
          {t("files.otherWay")}
        </AttachButton>
      )}
    </div>
  );
}
