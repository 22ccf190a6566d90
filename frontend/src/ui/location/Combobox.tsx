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
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const found = ordered(options, recent, typed).slice(0, DRAWN);
  const rowId = (index: number) => `${name}-row-${String(index)}`;

  const go = (index: number) => {
    setActive(index);
    list.current?.children[index]?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextActive(event.key, active, found.length);
    const chosen = found[active];
    if (event.key === "Enter" && chosen) onPick(chosen.code);
    else if (next === null) return;
    else go(next);
    event.preventDefault();
  };
  return (
    <div class="pick stack">
      <div class="search">
        <Icon name="search" />
        <input class="input" type="text" role="combobox" aria-label={label} aria-expanded={found.length > 0}
          aria-controls={`${name}-list`} aria-autocomplete="list" autoComplete="off" value={typed}
          aria-activedescendant={active >= 0 ? rowId(active) : undefined} placeholder={texts.search ?? t("ui.search.label")}
          onKeyDown={onKeyDown}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setActive(event.currentTarget.value.trim() ? 0 : -1);
          }} />
      </div>
      <p class={found.length === 0 ? "" : "vh"} role="status">
        {found.length === 0 ? t("ui.search.empty", { text: typed.trim() }) : t("ui.search.found", { count: found.length })}
      </p>
      <ul class="rows" role="listbox" id={`${name}-list`} aria-label={label} ref={list} hidden={found.length === 0}>
        {found.map((option, index) => (
          <li key={option.code} id={rowId(index)} role="option" class={index === active ? "row active" : "row"}
            aria-selected={option.code === value} onClick={() => onPick(option.code)}>
            <span class="row-text">{option.name}</span>
          </li>
        ))}
      </ul>
      {onOther && <OtherButton text={texts.other_own} typed={found.length === 0 ? typed.trim() : ""} onOther={onOther} />}
    </div>
  );
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
