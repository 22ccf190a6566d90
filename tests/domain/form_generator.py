"""Random forms and answers, for properties (hypothesis drives the dice) and for the vectors of the SPA.

Every function takes the dice as its first argument: ``random.Random(seed)`` or hypothesis' ``st.randoms()``.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.directories import Directory, directories
from express_bot.domain.fields import AnyField, Excluded
from express_bot.domain.forms import load_form

Json = Any

PATTERNS: dict[str, Callable[[Random], str]] = {
    "^[0-9]*$": lambda dice: digits(dice, 6),
    "^[A-ZА-ЯЁ][a-zа-яё'-]+$": lambda dice: dice.choice(["Иванов", "Petrov", "Ёлкина", "O'hara", "Ли-ли"]),
    "^[^@<> ]+@[^@<> ]+\\.[a-z]{2,}$": lambda dice: f"{digits(dice, 3)}@example.ru",
    "^(?:да|нет)(?:, [а-я]{1,9})*$": lambda dice: dice.choice(["да", "нет, позже", "да, утром, днём"]),
    "^[\\[\\]\\-\\\\\\^A-C]{1,}\\.?$": lambda dice: dice.choice(["[A]", "-B-", "^\\C."]),
    "^[\U0001f600-\U0001f64f]+|[0-9]+$": lambda dice: dice.choice(["😀😁", "12"]),
}
CLEANUPS: list[list[str]] = [
    [],
    ["trim"],
    ["trim", "collapse_spaces"],
    ["trim", "digits"],
    ["digits"],
    ["trim", "collapse_spaces", "cyrillic_lookalikes", "title_case"],
    ["title_case"],
    ["collapse_spaces", "trim", "cyrillic_lookalikes"],
]
TEXTS = [
    "",
    " ",
    "\u00a0",
    "\u200b\ufeff",
    "a",
    "ab",
    " иванов  и.и. ",
    "ИBAHOB A.B.",
    "Ивaнoв Peter",
    "Воронцoва-ПЕТРОВА анна",
    "мамедов али оглы",
    "McDonald o'neil",
    "BOPOHOBA",
    "100 234",
    "100-234",
    "100\u2013234\u00a0",
    "12345",
    "12345б",
    "1234567",
    "۱۲۳۴۵۶",
    "１２３４５６",
    "👩‍✈️",
    "😀😁😂",
    "e\u0301",
    "строка\r\n\r\n\r\n вторая\u2028третья \t конец",
    "\n\n",
    "\ud83d",
    "нет\ud800да",
    "x" * 500,
    "я" * 61,
    "😀" * 20,
    "null",
    "true",
    "{}",
    "<script>",
    "\x85тест\x0b",
    "ß ŉ İ ǅ Ѐ ѝ",
    "AaEe ёЁ Ëë да",
]
BLANKS = [
    *"\t\n\v\f\r \x85\xa0\u1680\u202f\u205f\u2060\u3000\ufeff\u2028\u2029-\u2212",
    *(chr(code) for code in range(0x2000, 0x2016)),
    *"\x1c\x1f\x00\u180e\u00ad",
]
"""Everything that is a space or a dash to somebody, and what only looks so."""
DATES = [
    "2027-01-15",
    "2027-02-29",
    "2028-02-29",
    "2027-02-30",
    "2027-13-01",
    "2027-00-10",
    "2027-01-00",
    "0000-01-01",
    "0000-02-29",
    "1900-02-29",
    "2000-02-29",
    "9999-12-31",
    "2027-1-5",
    "2027-01-5",
    "20270115",
    " 2027-01-15 ",
    "2027-01-15T00:00:00",
    "2027-01-15Z",
    "+002027-01-15",
    "-2027-01-15",
    "２０２７-01-15",
    "15.01.2027",
    "2027/01/15",
    "2027-04-31",
]
NUMBERS: list[Json] = [
    0,
    1,
    -1,
    2,
    3,
    10,
    11,
    1.5,
    2.0,
    -0.0,
    1e300,
    -1e300,
    5e-324,
    10**30,
    2**53,
    0.1,
    "3",
    " 4 ",
    "1,5",
    "2.0",
    "-0",
    "+7",
    "007",
    "1e5",
    "0x10",
    "12345678901234567",
    "1.2345678",
    "½",
    "٣",
    "--1",
    "1,000,000",
]
JUNK: list[Json] = [
    None,
    True,
    False,
    [],
    [[]],
    [[[[[["deep"]]]]]],
    [None],
    [1, "a"],
    ["a", "a"],
    [{"other": "x"}],
    {},
    {"other": ""},
    {"other": " \u00a0"},
    {"other": "  своё  слово "},
    {"other": "я"},
    {"other": "я" * 61},
    {"other": "😀"},
    {"other": "😀" * 59},
    {"other": 5},
    {"other": None},
    {"other": ["x"]},
    {"other": "две", "more": 1},
    {"Other": "две"},
    {"code": "a"},
    {"__proto__": "x"},
]
STRANGE_KEYS = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "",
    " ",
    "1",
    "10",
    "2",
    "Location",
    "f0 ",
    "😀",
    "\uffee",
    "k" * 200,
    "other",
    "null",
]


def digits(dice: Random, length: int) -> str:
    """A number as people type it."""
    return "".join(dice.choice(string.digits) for _ in range(length))


def chance(dice: Random, share: float) -> bool:
    """True in this share of cases."""
    return dice.random() < share


def random_directories(dice: Random) -> dict[str, Directory]:
    """Bases, and places that belong to them; some retired, some bases without a place."""
    bases = [f"b{n}" for n in range(dice.randint(1, 4))]
    places = [_place(dice, f"p-{n}", bases) for n in range(dice.randint(1, 9))]
    return directories(
        [
            {
                "code": "base",
                "title": {"ru": "База"},
                "items": [{"code": code, "names": {"ru": code}} for code in bases],
            },
            {"code": "place", "title": {"ru": "Место"}, "parent": "base", "items": places},
        ]
    )


def _place(dice: Random, code: str, bases: list[str]) -> Json:
    name = dice.choice(["Ёлкино", "Жуковка", "Адлер", "Сочи", "Уфа"]) + code
    parents = [base for base in bases if chance(dice, 0.5)]
    return {"code": code, "names": {"ru": name, "en": code}, "parents": parents, "retired": chance(dice, 0.1)}


def random_form(dice: Random, *, today: date = date(2026, 11, 23)) -> CompiledForm:
    """A sound form of 1 to 9 questions, ready to judge."""
    fields: list[Json] = []
    for number in range(dice.randint(1, 9)):
        fields.append(_field(dice, f"f{number}", fields))
    data = {
        "id": "generated",
        "version": 1,
        "title": {"ru": "Заявка", "en": "Request"},
        "period": "flight",
        "summary": [fields[0]["name"]],
        "fields": fields,
    }
    known = random_directories(dice)
    target, excluded = _period(dice)
    return compile_form(
        load_form(data, known),
        known,
        target=target,
        excluded=excluded,
        today=today,
        locale=dice.choice(["ru", "en"]),
    )


def _period(dice: Random) -> tuple[tuple[date, date] | None, list[Excluded]]:
    first = date(dice.randint(2026, 2028), dice.randint(1, 12), 1)
    excluded = [_excluded(dice, first) for _ in range(dice.randint(0, 3))]
    return (None if chance(dice, 0.1) else (first, first + timedelta(days=dice.randint(0, 40)))), excluded


def _excluded(dice: Random, first: date) -> Excluded:
    start = first + timedelta(days=dice.randint(-5, 40))
    text = {"ru": dice.choice(["Учёба {max}", "Рейсов нет"]), "en": "No flights"}
    return Excluded.model_validate({"from": start, "to": start + timedelta(days=dice.randint(0, 9)), "text": text})


def _field(dice: Random, name: str, earlier: list[Json]) -> Json:
    kind = dice.choice(
        ["choice", "choice", "multichoice", "date", "text", "text", "number", "boolean", "file", "person"]
    )
    field = {"name": name, "kind": kind, "label": {"ru": f"Поле {name}", "en": f"Field {name}"}}
    field |= {"required": chance(dice, 0.6), **_KINDS[kind](dice, earlier)}
    if earlier and chance(dice, 0.3):
        field["visible_when"] = _condition(dice, earlier, depth=0)
    return field


def _choice(dice: Random, earlier: list[Json]) -> Json:
    other = {"min_length": dice.randint(1, 3), "max_length": dice.randint(3, 60)}
    allowed = {"allow_other": other} if chance(dice, 0.4) else {}
    return {**_options(dice, earlier), **allowed}


def _options(dice: Random, earlier: list[Json]) -> Json:
    if chance(dice, 0.35):
        return {"directory": "base"}
    parents = [field["name"] for field in earlier if field["kind"] == "choice" and field.get("directory") == "base"]
    if parents and chance(dice, 0.8):
        return {"directory": "place", "parent": dice.choice(parents)}
    return {"options": [{"code": code, "names": {"ru": code}} for code in "abcdef"[: dice.randint(1, 6)]]}


def _multichoice(dice: Random, earlier: list[Json]) -> Json:
    options = _options(dice, earlier)
    least = dice.randint(0, min(2, len(options.get("options", "xx"))))
    return {**options, "min_items": least, "max_items": dice.randint(max(1, least), 4)}


def _date(dice: Random, _earlier: list[Json]) -> Json:
    bounds = {"min_days": dice.randint(-3, 3), "max_days": dice.choice([None, 3, 60])}
    return {"within": dice.choice(["period", "period", None, bounds])}


def _text(dice: Random, _earlier: list[Json]) -> Json:
    least = dice.choice([0, 0, 1, 2, 6])
    field = {"min_length": least, "max_length": dice.choice([6, 20, 60, 300]), "cleanup": dice.choice(CLEANUPS)}
    if chance(dice, 0.5):
        field["pattern"] = dice.choice(list(PATTERNS))
    if chance(dice, 0.3):
        plural = {"by": "over", "one": "{over} знак", "few": "{over} знака", "many": "{over} знаков", "other": "{over}"}
        field["messages"] = {"too_long": {"ru": plural, "en": "{over} of {length}, {digits} digits, {unknown}"}}
    return field


def _multiline(dice: Random, earlier: list[Json]) -> Json:
    return {**_text(dice, earlier), "multiline": chance(dice, 0.4)}


def _number(dice: Random, _earlier: list[Json]) -> Json:
    low = dice.choice([None, 0, 1, -1.5])
    return {"minimum": low, "maximum": dice.choice([None, 3, 10.0, 9.5]), "integer": chance(dice, 0.5)}


_KINDS: dict[str, Callable[[Random, list[Json]], Json]] = {
    "choice": _choice,
    "multichoice": _multichoice,
    "date": _date,
    "text": _multiline,
    "person": _text,
    "number": _number,
    "boolean": lambda _dice, _earlier: {},
    "file": lambda dice, _earlier: {"max_files": dice.randint(1, 3)},
}


def _condition(dice: Random, earlier: list[Json], depth: int) -> Json:
    if depth < 2 and chance(dice, 0.35):
        joint = dice.choice(["all", "any", "not"])
        if joint == "not":
            return {"not": _condition(dice, earlier, depth + 1)}
        return {joint: [_condition(dice, earlier, depth + 1) for _ in range(dice.randint(1, 3))]}
    return _leaf(dice, dice.choice(earlier))


def _leaf(dice: Random, field: Json) -> Json:
    name, kind = field["name"], field["kind"]
    if chance(dice, 0.25) or kind == "file":
        return {"field": name, "answered": chance(dice, 0.8)}
    values = _comparable(dice, field)
    if kind == "multichoice":
        return {"field": name, "contains": values[0]}
    return {"field": name, "equals": values[0]} if chance(dice, 0.6) else {"field": name, "in": values}


def _comparable(dice: Random, field: Json) -> list[Json]:
    if field["kind"] == "boolean":
        return [chance(dice, 0.5)]
    if field["kind"] == "number":
        return dice.choice([[1], [2.0, 3], [0]])
    codes = [option["code"] for option in field.get("options", [])] or ["b0", "p-0", "b1"]
    return dice.sample(codes, k=min(len(codes), dice.randint(1, 2)))


def random_answers(dice: Random, form: CompiledForm) -> dict[str, Json]:
    """Answers as they may arrive: right ones, near misses, junk."""
    answers = right_answers(dice, form)
    mood = dice.random()
    if mood < 0.35:
        return answers
    for field in form.definition.fields:
        if chance(dice, 0.25 if mood < 0.8 else 0.8):
            answers[field.name] = odd_value(dice, form, field)
    for field in form.definition.fields:
        if chance(dice, 0.08):
            answers.pop(field.name, None)
    if chance(dice, 0.15):
        answers |= {key: odd_text(dice) for key in dice.sample(STRANGE_KEYS, k=dice.randint(1, 3))}
    return answers


def right_answers(dice: Random, form: CompiledForm) -> dict[str, Json]:
    """Answers that should please the form, as far as it can be pleased."""
    answers: dict[str, Json] = {}
    for field in form.definition.fields:
        is_shown = field.visible_when is None or field.visible_when.holds(answers)
        if is_shown and (field.required or chance(dice, 0.6)):
            value = right_value(dice, form, field, answers)
            if value is not None:
                answers[field.name] = value
    return answers


def right_value(dice: Random, form: CompiledForm, field: AnyField, answers: dict[str, Json]) -> Json:
    """One answer that fits its field and the earlier answers."""
    sent = form.sent[field.name]
    if field.kind == "choice":
        return _pick_choice(dice, sent, answers)
    if field.kind == "multichoice":
        codes = _fitting_codes(sent, answers)
        return dice.sample(codes, k=min(len(codes), dice.randint(max(1, field.min_items), field.max_items)))
    if field.kind == "date":
        return _pick_date(dice, sent)
    if field.kind == "number":
        return _pick_number(dice, sent)
    if field.kind == "file":
        return [f"file-{number}" for number in range(dice.randint(1, field.max_files))]
    return chance(dice, 0.5) if field.kind == "boolean" else _pick_text(dice, sent)


def _fitting_codes(sent: Json, answers: dict[str, Json]) -> list[str]:
    chosen = answers.get(sent["parent"] or "")
    return [option["code"] for option in sent["options"] if not chosen or chosen in option.get("parents", [chosen])]


def _pick_choice(dice: Random, sent: Json, answers: dict[str, Json]) -> Json:
    codes = _fitting_codes(sent, answers)
    other = sent["allow_other"]
    if other and (not codes or chance(dice, 0.3)):
        return {"other": "ы" * dice.randint(other["min_length"], other["max_length"])}
    return dice.choice(codes) if codes else None


def _pick_date(dice: Random, sent: Json) -> str:
    first = date.fromisoformat(sent["min"] or "2026-12-01")
    last = date.fromisoformat(sent["max"]) if sent["max"] else first + timedelta(days=60)
    return (first + timedelta(days=dice.randint(0, max(0, (last - first).days)))).isoformat()


def _pick_number(dice: Random, sent: Json) -> Json:
    number = dice.choice([0, 1, 2, 3, 2.0])
    return number if sent["integer"] else number + dice.choice([0, 0.5])


def _pick_text(dice: Random, sent: Json) -> str:
    if sent["pattern"]:
        return PATTERNS.get(sent["pattern"], _shipped_text)(dice)
    return dice.choice(["Ы", "слово ", "а б\u00a0в ", "😀"]) * max(1, sent["min_length"])


def _shipped_text(dice: Random) -> str:
    """For the patterns of the shipped forms."""
    return dice.choice(["Воронцова Анна Сергеевна", "anna@example.ru", digits(dice, 6)])


def odd_text(dice: Random) -> str:
    """A text that may confuse somebody."""
    if chance(dice, 0.25):
        return dice.choice(BLANKS).join(["", "Анна", "4", dice.choice(["", "б"])])
    text = dice.choice(TEXTS)
    return text + dice.choice(TEXTS) if chance(dice, 0.3) else text


def odd_value(dice: Random, form: CompiledForm, field: AnyField) -> Json:
    """A value that may or may not fit: nearly right, of another field, of a wrong type."""
    sent = form.sent[field.name]
    pools: list[Callable[[], Json]] = [
        lambda: odd_text(dice),
        lambda: dice.choice(JUNK),
        lambda: dice.choice(NUMBERS),
        lambda: _near_miss(dice, form, field, sent),
        lambda: _near_miss(dice, form, field, sent),
        lambda: _near_miss(dice, form, field, sent),
    ]
    return dice.choice(pools)()


def _near_miss(dice: Random, form: CompiledForm, field: AnyField, sent: Json) -> Json:
    if field.kind == "date":
        return dice.choice([dice.choice(DATES), *_around(sent)])
    if field.kind in ("choice", "multichoice"):
        return _odd_choice(dice, sent)
    if field.kind == "file":
        return [dice.choice(["a", "b", "ы", "", "x" * 65]) for _ in range(dice.randint(0, 5))]
    if field.kind == "number":
        return dice.choice(NUMBERS)
    return _edge_text(dice, sent) if field.kind in ("text", "person") else dice.choice([True, "true", 1])


def _odd_choice(dice: Random, sent: Json) -> Json:
    """Codes that exist somewhere, perhaps below another parent; own words at the edges of their length."""
    codes = [option["code"] for option in sent["options"]]
    if chance(dice, 0.2):
        codes += ["gone", "A", " a ", "p-0", "b0"]
    if sent["kind"] == "multichoice":
        several = [dice.choice(codes or ["gone"]) for _ in range(dice.randint(0, 5))]
        return dice.choice([several, several, list(dict.fromkeys(several)), [*several, 1]])
    other = sent["allow_other"]
    if other and chance(dice, 0.5):
        edge = dice.choice([other["min_length"], other["max_length"]]) + dice.choice([-1, 0, 1])
        return {"other": dice.choice(["ы", "😀"]) * max(0, edge)}
    return dice.choice(codes or ["gone"])


def _around(sent: Json) -> list[str]:
    """The days at the bounds and one beyond; every excluded day."""
    bounds = [date.fromisoformat(day) for day in (sent["min"], sent["max"]) if day]
    days = [bound + timedelta(days=shift) for bound in bounds for shift in (-1, 0, 1)]
    return [day.isoformat() for day in days] + [span[end] for span in sent["excluded"] for end in ("from", "to")]


def _edge_text(dice: Random, sent: Json) -> str:
    """Exactly as long as allowed, one more, one less; in letters of one or two units."""
    length = max(0, dice.choice([sent["min_length"], sent["max_length"]]) + dice.choice([-1, 0, 1, 24]))
    return dice.choice(["ы", "9", "😀", "a"]) * length
