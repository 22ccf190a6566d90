import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import type { Option } from "../../api/types";
import { t } from "../../i18n";
import { Row } from "../fields/ChoiceField";
import { Icon } from "../Icon";
import type { SelectorTexts } from "./LocationSelector";
import { search } from "./search";

export interface PickListProps {
  name: string;
  options: readonly Option[];
  /** Codes chosen lately, shown first while nothing is typed. */
  recent: readonly string[];
  value: string | null;
  onPick: (code: string) => void;
  /** Offered when nothing fits: the typed words as the person's own answer. */
  onOther?: ((text: string) => void) | undefined;
  texts: SelectorTexts;
  /** Rows that choose and close (a sheet), or radio rows that only choose (a guided page). */
  mode: "press" | "radio";
}

/** A list of up to some dozens of rows with a search field on top (ux B3, E4). */
export function PickList({ name, options, recent, value, onPick, onOther, texts, mode }: PickListProps) {
  const [typed, setTyped] = useState("");
  const found = search(options, typed);
  const lately = typed.trim() === "" ? recent.flatMap((code) => options.find((each) => each.code === code) ?? []) : [];
  const rest = found.filter((option) => !lately.includes(option));
  const rows = (list: readonly Option[]) => <Rows {...{ name, mode, value, onPick }} options={list} />;
  return (
    <div class="pick stack">
      <SearchField id={`${name}-search`} label={texts.search} value={typed} onInput={setTyped} />
      <p class="vh" role="status">
        {typed.trim() === "" ? "" : t("ui.search.found", { count: found.length })}
      </p>
      {lately.length > 0 && <PickGroup title={t("ui.recent")}>{rows(lately)}</PickGroup>}
      {rest.length > 0 && <PickGroup title={typed ? t("ui.search.results") : (texts.all ?? t("ui.all"))}>{rows(rest)}</PickGroup>}
      {found.length === 0 && <p>{t("ui.search.empty", { text: typed.trim() })}</p>}
      {onOther && <OtherButton text={texts.other_own} typed={found.length === 0 ? typed.trim() : ""} onOther={onOther} />}
    </div>
  );
}

interface SearchFieldProps {
  id: string;
  label: string | undefined;
  value: string;
  onInput: (text: string) => void;
}

/** Not focused by itself: on a phone the keyboard would cover the list. */
function SearchField({ id, label = t("ui.search.label"), value, onInput }: SearchFieldProps) {
  return (
    <div class="search">
      <label class="vh" for={id}>
        {label}
      </label>
      <Icon name="search" />
      <input class="input" type="search" id={id} value={value} placeholder={label} autoComplete="off"
        enterKeyHint="search" onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}

interface OtherButtonProps {
  /** «Указать своё направление»; with typed words: «Указать своё направление: Тикси». */
  text: string | undefined;
  typed: string;
  onOther: (text: string) => void;
}

export function OtherButton({ text = t("ui.other.add"), typed, onOther }: OtherButtonProps) {
  return (
    <button type="button" class="chip-btn" onClick={() => onOther(typed)}>
      {typed ? `${text}: ${typed}` : text}
    </button>
  );
}

function PickGroup({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div role="group" aria-label={title} class="stack tight">
      <p class="small" aria-hidden="true">
        {title}
      </p>
      <div class="rows">{children}</div>
    </div>
  );
}

type RowsProps = Pick<PickListProps, "name" | "options" | "value" | "onPick" | "mode">;

function Rows({ name, options, value, onPick, mode }: RowsProps) {
  return options.map((option) =>
    mode === "radio" ? (
      <Row key={option.code} type="radio" group={name} option={option} checked={option.code === value}
        onPick={() => onPick(option.code)} />
    ) : (
      <button key={option.code} type="button" class="row" aria-pressed={option.code === value}
        onClick={() => onPick(option.code)}>
        <span class="row-text">{option.name}</span>
        <span class="cap row-code">{option.hint ?? shownCode(option.code)}</span>
      </button>
    ),
  );
}

/** Airport codes mean something to people; inner codes such as `msk-oke-1` do not. */
function shownCode(code: string): string {
  return /^[a-z]{3}$/i.test(code) ? code.toUpperCase() : "";
}
