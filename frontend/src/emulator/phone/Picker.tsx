import { useRef } from "preact/hooks";

import { Button } from "../../ui/Button";
import { t } from "../i18n";
import { asked, BIG, give, giveSample } from "./picker";

/** The host's file picker: real ones upload by themselves and tell no progress. */
export function Picker() {
  const input = useRef<HTMLInputElement>(null);
  const request = asked.value;
  if (!request) return null;
  return (
    <div class="picker" role="dialog" aria-label={t("picker.title")}>
      <p class="lab">{t("picker.title")}</p>
      <input
        ref={input}
        hidden
        type="file"
        multiple={request.many}
        onChange={(event) => void give([...(event.currentTarget.files ?? [])])}
      />
      <Button onClick={() => input.current?.click()}>{t("picker.choose")}</Button>
      <Button variant="secondary" onClick={() => void giveSample("spravka.pdf")}>
        {t("picker.sample")}
      </Button>
      <Button variant="secondary" onClick={() => void giveSample("film.bin", BIG)}>
        {t("picker.big")}
      </Button>
      <Button variant="text" onClick={() => request.settle(null)}>
        {t("picker.cancel")}
      </Button>
    </div>
  );
}
