import { useResource } from "../../app/data";
import { t } from "../../i18n";
import type { Field } from "../applications/fields";
import type { FormSession } from "../applications/session";
import { FileLinks } from "./FileLinks";
import { fileOf } from "./known";
import { placeOf, type Place } from "./places";
import { TransferRow } from "./TransferRow";

/** The files of one question, before they are sent (E7): what is there can be read, what is coming is seen coming. */
export function FilesValue({ session, field }: { session: FormSession; field: Field }) {
  const place = placeOf(session, field);
  const coming = place.transfers.value.filter(({ stage }) => stage.value !== "ready");
  if (place.ids.length + coming.length === 0) return <>{t("form.check.none")}</>;
  return (
    <>
      {place.ids.map((id) => (
        <KnownFile key={id} id={id} />
      ))}
      {coming.length > 0 && <Coming place={place} />}
    </>
  );
}

function KnownFile({ id }: { id: string }) {
  const view = useResource(fileOf(id)).data.value;
  return view ? <FileLinks views={[view]} /> : <span>{t("files.unnamed")}</span>;
}

function Coming({ place }: { place: Place }) {
  return (
    <ul class="files">
      {place.transfers.value
        .filter(({ stage }) => stage.value !== "ready")
        .map((transfer) => (
          <TransferRow key={transfer.key} transfer={transfer} place={place} />
        ))}
    </ul>
  );
}
