import { useRef, useState } from "preact/hooks";

import type { Option } from "../../api/types";
import { t } from "../../i18n";
import { Icon } from "../Icon";
import { OtherButton, type PickListProps } from "./PickList";
import { search } from "./search";

/** How many rows are drawn at once: beyond them one more letter finds faster than scrolling. */
const DRAWN = 60;

type ComboboxProps = Omit<PickListProps, "mode"> & { label: string };

/** More than thirty options: an editable combobox with a list (WAI-ARIA APG, list autocomplete). */
export function Combobox({ name, label, options, recent, value, onPick, onOther, texts }: ComboboxProps) {
  const { typed, type, active, found, list, onKeyDown } = useCombobox({ options, recent, onPick });
  const rowId = (index: number) => `${name}-row-${String(index)}`;
  const nothing = found.length === 0;
  return (
    <div class="pick stack">
      <div class="search">
        <Icon name="search" />
        <input class="input" type="text" role="combobox" aria-label={label} aria-expanded={!nothing}
          aria-controls={`${name}-list`} aria-autocomplete="list" autoComplete="off" value={typed}
          aria-activedescendant={active >= 0 ? rowId(active) : undefined}
          placeholder={texts.search ?? t("ui.search.label")} onKeyDown={onKeyDown}
          onInput={(event) => type(event.currentTarget.value)} />
      </div>
      <p class={nothing ? "" : "vh"} role="status">
        {nothing ? t("ui.search.empty", { text: typed.trim() }) : t("ui.search.found", { count: found.length })}
      </p>
      <ul class="rows" role="listbox" id={`${name}-list`} aria-label={label} ref={list} hidden={nothing}>
        {found.map((option, index) => (
          <li key={option.code} id={rowId(index)} role="option" class={index === active ? "row active" : "row"}
            aria-selected={option.code === value} onClick={() => onPick(option.code)}>
            <span class="row-text">{option.name}</span>
          </li>
        ))}
      </ul>
      {onOther && <OtherButton text={texts.other_own} typed={nothing ? typed.trim() : ""} onOther={onOther} />}
    </div>
  );
}

/** The focus stays in the field; the arrows move an active row, Enter takes it. */
function useCombobox({ options, recent, onPick }: Pick<ComboboxProps, "options" | "recent" | "onPick">) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const found = ordered(options, recent, typed).slice(0, DRAWN);
  const type = (text: string) => {
    setTyped(text);
    setActive(text.trim() ? 0 : -1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextActive(event.key, active, found.length);
    const chosen = found[active];
    if (event.key === "Enter" && chosen) onPick(chosen.code);
    else if (next === null) return;
    else {
      setActive(next);
      list.current?.children[next]?.scrollIntoView({ block: "nearest" });
    }
    event.preventDefault();
  };
  return { typed, type, active, found, list, onKeyDown };
}

/** Recent ones first while nothing is typed. */
function ordered(options: readonly Option[], recent: readonly string[], typed: string): Option[] {
  const found = search(options, typed);
  if (typed.trim() !== "") return found;
  const lately = recent.flatMap((code) => found.find((option) => option.code === code) ?? []);
  return [...lately, ...found.filter((option) => !lately.includes(option))];
}

/** The row that a key makes active; arrows go round, as the pattern asks. */
export function nextActive(key: string, active: number, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return (active + 1) % count;
  if (key === "ArrowUp") return active <= 0 ? count - 1 : active - 1;
  if (key === "PageDown") return Math.min(active + 8, count - 1);
  if (key === "PageUp") return Math.max(active - 8, 0);
  return null;
}
