import { useEffect, useRef, useState } from "preact/hooks";

import type { AnswerValue, Option } from "../../api/types";
import { t } from "../../i18n";
import { ChoiceField } from "../fields/ChoiceField";
import { fieldId, GroupFrame, type FieldProps } from "../fields/frame";
import { TextField } from "../fields/TextField";
import { Notice } from "../Card";
import { Sheet } from "../Sheet";
import { Combobox } from "./Combobox";
import "./location.css";
import { PickList } from "./PickList";

/** What the form says about this list in its own words; the catalog's words stand in where it is silent. */
export interface SelectorTexts {
  /** «Все направления». */
  all?: string | undefined;
  /** The chip: «Другое…». */
  other?: string | undefined;
  /** The button under a list: «Указать своё направление». */
  other_own?: string | undefined;
  /** Label of the person's own words: «Своё направление». */
  other_label?: string | undefined;
  /** What happens with them: «Диспетчер уточнит направление». */
  other_note?: string | undefined;
  search?: string | undefined;
  /** Why there is no list: «Для базы Сочи списка нет, напишите направление». */
  none?: string | undefined;
}

export interface LocationSelectorProps extends FieldProps {
  options: readonly Option[];
  value: AnswerValue | undefined;
  onChange: (value: AnswerValue) => void;
  onBlur?: (() => void) | undefined;
  recent?: readonly string[];
  allowOther?: boolean;
  /** Chips with a sheet behind them (one page), or the list itself (one question per page). */
  compact?: boolean;
  /** A change above made the former answer impossible. */
  notice?: string | undefined;
  texts?: SelectorTexts;
}

const ROWS_UP_TO = 7;
const LIST_UP_TO = 30;
const RECENT = 3;

/** One choice from a directory; how it looks follows from how much there is to choose from (ux B3). */
export function LocationSelector(props: LocationSelectorProps) {
  const [opened, setOpened] = useState<"" | "loaded" | "pressed">(otherOf(props.value) === null ? "" : "loaded");
  const own = opened !== "" || otherOf(props.value) !== null;
  const { options, allowOther = false, notice } = props;
  const Control = controlFor(props);
  return (
    <div class="stack tight">
      {notice && <Notice tone="warn">{notice}</Notice>}
      {allowOther && (own || options.length === 0) ? (
        <OwnWords {...props} focused={opened === "pressed"} onList={options.length > 0 ? () => setOpened("") : undefined} />
      ) : (
        <Control {...props} openOther={allowOther ? () => setOpened("pressed") : undefined} />
      )}
    </div>
  );
}

type ControlProps = LocationSelectorProps & { openOther: (() => void) | undefined };

function controlFor({ options, compact }: LocationSelectorProps) {
  if (options.length <= ROWS_UP_TO) return FewRows;
  return compact || options.length > LIST_UP_TO ? ChipsAndSheet : ListOnPage;
}

function FewRows({ openOther, options, value, onChange, texts = {}, ...field }: ControlProps) {
  return (
    <ChoiceField {...field} options={options} value={codeOf(value)} onChange={onChange}>
      {openOther && <OtherChip text={texts.other} onPress={openOther} />}
    </ChoiceField>
  );
}

function ListOnPage({ openOther, options, value, onChange, recent = [], texts = {}, ...field }: ControlProps) {
  const write = otherWriter(onChange, openOther);
  return (
    <GroupFrame {...field} role="radiogroup">
      <PickList name={fieldId(field.name)} mode="radio" options={options} recent={recent.slice(0, RECENT)}
        value={codeOf(value)} onPick={onChange} onOther={write} texts={texts} />
    </GroupFrame>
  );
}

function ChipsAndSheet({ openOther, options, value, onChange, recent = [], texts = {}, ...field }: ControlProps) {
  const [open, setOpen] = useState(false);
  const all = texts.all ?? t("ui.all");
  const pick = (code: string) => {
    onChange(code);
    setOpen(false);
  };
  const write = otherWriter(onChange, openOther);
  const list = { name: fieldId(field.name), options, recent: recent.slice(0, RECENT), value: codeOf(value), onPick: pick,
    onOther: write && ((text: string) => (setOpen(false), write(text))), texts };
  return (
    <GroupFrame {...field} role="radiogroup">
      <div class="chips">
        {chipsOf(options, recent, codeOf(value)).map((option) => (
          <Chip key={option.code} group={fieldId(field.name)} option={option} checked={option.code === codeOf(value)}
            onPick={() => onChange(option.code)} />
        ))}
        <button type="button" class="chip-btn" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          {`${all} (${String(options.length)})`}
        </button>
        {openOther && <OtherChip text={texts.other} onPress={openOther} />}
      </div>
      {open && (
        <Sheet full title={field.label} onClose={() => setOpen(false)}>
          {options.length > LIST_UP_TO ? <Combobox {...list} label={all} /> : <PickList {...list} mode="press" />}
        </Sheet>
      )}
    </GroupFrame>
  );
}

function Chip({ group, option, checked, onPick }: { group: string; option: Option; checked: boolean; onPick: () => void }) {
  return (
    <label class="chip">
      <input type="radio" name={group} value={option.code} checked={checked} onChange={onPick} />
      <span>{option.name}</span>
    </label>
  );
}

function OtherChip({ text, onPress }: { text: string | undefined; onPress: () => void }) {
  return (
    <button type="button" class="chip-btn" onClick={onPress}>
      {text ?? t("ui.other.open")}
    </button>
  );
}

/** Free text, mapped to the directory later by a dispatcher. */
function OwnWords({ value, onChange, onBlur, texts = {}, onList, focused, ...field }: LocationSelectorProps & OwnProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) box.current?.querySelector("input")?.focus();
  }, []);
  const label = onList ? (texts.other_label ?? t("ui.other.label")) : field.label;
  const note = onList ? (texts.other_note ?? field.hint) : [texts.none, texts.other_note].filter(Boolean).join(". ");
  return (
    <div class="stack tight" ref={box}>
      {onList && !field.hideLabel && <p class="lab">{field.label}</p>}
      <TextField {...field} label={label} hideLabel={field.hideLabel && !onList} hint={note} value={otherOf(value) ?? ""}
        onBlur={onBlur} onChange={(text) => onChange(text === "" ? null : { other: text })} />
      {onList && (
        <button type="button" class="chip-btn" onClick={() => (onChange(null), onList())}>
          {t("ui.other.back")}
        </button>
      )}
    </div>
  );
}

interface OwnProps {
  /** Back to the list, where there is one. */
  onList: (() => void) | undefined;
  /** Opened by a press: the focus goes into the field. A draft that is read again leaves it where it is. */
  focused: boolean;
}

/** Words typed into the search become the answer at once; without words the empty field opens. */
function otherWriter(onChange: (value: AnswerValue) => void, openOther: (() => void) | undefined) {
  if (!openOther) return undefined;
  return (text: string) => {
    if (text) onChange({ other: text });
    openOther();
  };
}

function chipsOf(options: readonly Option[], recent: readonly string[], chosen: string | null): Option[] {
  const codes = recent.slice(0, RECENT);
  const shown = chosen === null || codes.includes(chosen) ? codes : [chosen, ...codes.slice(0, RECENT - 1)];
  return shown.flatMap((code) => options.find((option) => option.code === code) ?? []);
}

export function codeOf(value: AnswerValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}

export function otherOf(value: AnswerValue | undefined): string | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value.other : null;
}
