"""The meta-model: a sound definition loads, a wrong one is refused with its place and reason."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from express_bot.domain.compiled import compile_form
from express_bot.domain.defaults import FORMS, default_directories, default_form
from express_bot.domain.directories import directories
from express_bot.domain.forms import DefinitionError, load_form
from express_bot.domain.locales import LOCALES

RU = {"ru": "Слово"}


def choice(name: str, **more: Any) -> dict[str, Any]:
    options = {} if "directory" in more else {"options": [{"code": "a", "names": RU}, {"code": "b", "names": RU}]}
    return {"name": name, "kind": "choice", "label": RU, **options, **more}


def field(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "label": RU, **more}


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "x", "version": 1, "title": RU, "summary": [fields[0]["name"]], "fields": list(fields), **more}


@pytest.mark.parametrize("form_id", FORMS)
def test_the_shipped_forms_survive_being_stored(form_id):
    definition = default_form(form_id)
    assert load_form(definition.stored(), default_directories()) == definition


@pytest.mark.parametrize("form_id", FORMS)
def test_every_shipped_text_has_both_languages(form_id):
    def texts(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, dict) and "ru" in node:
            return [node]
        children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
        return [text for child in children for text in texts(child)]

    found = texts(default_form(form_id).stored())
    found += [text for item in default_directories().values() for text in texts(item.model_dump())]
    assert [text for text in found if set(text) != set(LOCALES)] == []


def test_the_shipped_directories_are_those_of_the_design():
    units, directions = default_directories()["unit"], default_directories()["direction"]
    by_base = {
        base: [item.code for item in directions.items if base in item.parents] for base in ("msk", "spb", "kja", "aer")
    }
    assert {base: len(codes) for base, codes in by_base.items()} == {"msk": 14, "spb": 7, "kja": 5, "aer": 0}
    assert [len([item for item in units.items if base in item.parents]) for base in by_base] == [4, 3, 2, 2]


def test_sochi_is_found_by_transliteration_and_airport_code(flight):
    sochi = next(option for option in flight.sent["direction"]["options"] if option["code"] == "aer")
    assert {"Sochi", "AER"} <= set(sochi["synonyms"])
    assert sochi["parents"] == ["spb", "kja"]


def test_directions_are_in_the_order_of_the_alphabet(flight, flight_en):
    for compiled in (flight, flight_en):
        names = [option["name"] for option in compiled.sent["direction"]["options"]]
        assert names == sorted(names)
    assert [option["code"] for option in flight.sent["location"]["options"]] == ["msk", "spb", "kja", "aer"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (form(field("a"), field("a")), "'a' is defined twice"),
        (
            form(field("a", visible_when={"field": "b", "answered": True}), field("b")),
            "'b', which is not an earlier field",
        ),
        (form(field("a", visible_when={"field": "a", "answered": True})), "'a', which is not an earlier field"),
        (form(choice("a"), field("b", visible_when={"field": "a", "equals": "z"})), "has no option 'z'"),
        (form(choice("a"), field("b", visible_when={"field": "a", "equals": 1})), "can never be 1"),
        (form(field("a", "boolean"), field("b", visible_when={"field": "a", "equals": "yes"})), "can never be 'yes'"),
        (form(field("a", "number"), field("b", visible_when={"field": "a", "equals": True})), "can never be True"),
        (form(choice("a"), field("b", visible_when={"field": "a", "contains": "a"})), "use equals or in"),
        (form(choice("a"), field("b", visible_when={"field": "a"})), "one of equals, in, contains, answered"),
        (form(choice("a"), field("b", visible_when={"all": []})), "at least 1 item"),
        (
            form(choice("a"), field("b", visible_when={"not": {"field": "a", "answered": True}, "field": "a"})),
            "a condition is",
        ),
        (form(field("a", min_length=5, max_length=4)), "smallest length (5) is above the largest (4)"),
        (form(field("a", "number", minimum=5, maximum=4)), "smallest value (5.0) is above the largest (4.0)"),
        (form(field("a", pattern="\\d+")), "\\d is read differently"),
        (form(field("a", pattern="^.*$")), "write '.' as a class"),
        (form(field("a", pattern="(?=x)")), "only (?:…) is allowed"),
        (form(field("a", pattern="[a")), "not closed"),
        (form(field("a", pattern="a{")), "literal brace"),
        (form(field("a", pattern="(a")), "does not compile"),
        (form(field("a", messages={"too_few": {"ru": "x"}})), "'too_few' cannot happen"),
        (form(field("a", messages={"too_long": {"en": "x"}})), "the wording in 'ru' is missing"),
        (form(field("a", messages={"too_long": {"ru": {"one": "x"}}})), "a plural map needs 'by' and 'other'"),
        (form(field("a", "date", within="period")), "the form has none"),
        (form(field("a"), date_field="a"), "'a' is not a date field"),
        (form(field("a"), summary=["z"]), "there is no field 'z'"),
        (form(field("a", colour="red")), "Extra inputs are not permitted"),
        (form(field("Имя")), "String should match pattern"),
        (form(field("a", "picture")), "does not match any of the expected tags"),
        (form(field("a", label={"en": "Word"})), "the wording in 'ru' is missing"),
        (form(field("a", label={"ru": "Слово", "de": "Wort"})), "unknown languages ['de']"),
        (form(choice("a", directory="nowhere")), "there is no directory 'nowhere'"),
        (form(choice("a", parent="b")), "only options of a directory"),
        (form(field("a"), choice("b", directory="unit", parent="a")), "is not a choice from a directory"),
        (
            form(choice("a", directory="position"), choice("b", directory="unit", parent="a")),
            "belong to 'location', not to",
        ),
        (form(choice("a", options=None)), "either options or a directory"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_reason(data, said):
    with pytest.raises(DefinitionError) as refusal:
        load_form(data, default_directories())
    assert said in str(refusal.value)
    assert all("\n" not in problem for problem in refusal.value.problems)


def test_every_problem_of_a_definition_is_told_at_once():
    with pytest.raises(DefinitionError) as refusal:
        load_form(form(field("a", min_length=5, max_length=4), field("b", pattern="\\w"), version=0))
    assert len(refusal.value.problems) == 3


def test_a_condition_too_deep_to_understand_is_refused():
    condition: dict[str, Any] = {"field": "a", "answered": True}
    for _ in range(10):
        condition = {"not": condition}
    with pytest.raises(DefinitionError, match="nested deeper"):
        load_form(form(field("a"), field("b", visible_when=condition)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[1]["items"].append(data[1]["items"][0]), "codes used twice"),
        (lambda data: data[1]["items"][0].update(parents=["nowhere"]), "are not in 'location'"),
        (lambda data: data[1].update(parent="nowhere"), "does not exist"),
        (lambda data: data[1].pop("parent"), "the parent directory is not named"),
    ],
)
def test_a_wrong_directory_is_refused(change, said):
    data = [deepcopy(item.model_dump(mode="json")) for item in default_directories().values()]
    change(data)
    with pytest.raises(ValueError, match=said):
        directories(data)


def test_a_retired_item_cannot_be_chosen_but_is_still_named(answers):
    data = [item.model_dump(mode="json") for item in default_directories().values()]
    for item in data[3]["items"]:
        item["retired"] = item["code"] == "vvo"
    known = directories(data)
    compiled = compile_form(default_form("flight"), known, target=None, today=date(2026, 11, 23), locale="ru")
    assert [(error.field, error.code) for error in compiled.validate(answers)] == [("direction", "unknown_option")]
    assert compiled.title(answers) == "Владивосток, 15 января"
