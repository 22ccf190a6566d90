import { t } from "../../i18n";
import { Icon } from "../../ui/Icon";

export function RemoveButton({ name, onPress }: { name: string; onPress: () => void }) {
  return (
    <button type="button" class="icon-btn" aria-label={t("files.remove", { name })} onClick={onPress}>
      <Icon name="close" />
    </button>
  );
}
