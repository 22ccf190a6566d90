"""The quiet pages: «Ещё», rules, help, the person's own data, and what stands where nothing else can."""

from __future__ import annotations

import hashlib
from datetime import date

from express_bot.channels.dialogs import filling, periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import Pen, columns, rows
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Button, View
from express_bot.contracts.links import MESSENGER_NAMES
from express_bot.domain import texts


class More(Shown):
    """What is not needed every day."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        pages = [
            pen.button("statistics", "stats"),
            pen.button("rules", "rules"),
            pen.button("profile", "profile"),
            pen.button("help", "help"),
        ]
        buttons = columns([*pages, pen.button("language", "lang")])
        last = (pen.link("app", "/"), pen.button("back", "menu"))
        return View(message(*turn.notices, turn.say("more.title")), rows(buttons, last))


class Rules(Shown):
    """When and for what is filed, form by form, and what each form says about itself."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        info = await turn.facts.info()
        lines = [turn.say("rules.title")]
        for form in info["forms"]:
            lines += [turn.say("rules.form", form=form["title"]), *await _rules_of(turn, form)]
        pen = turn.pen(str(turn.state.card))
        return View(message(*turn.notices, *lines), rows((pen.button("help", "help"), pen.button("menu", "menu"))))


async def _rules_of(turn: Turn, form: Json) -> list[str]:
    answer = await turn.facts.form(form["id"])
    own = plain(str(answer["form"]["texts"].get("rule", "")))
    period = answer["period"]
    if period is None:
        return [turn.say("rules.none"), own] if form["has_period"] else [own]
    first, last = (
        texts.day_short(date.fromisoformat(period[end]), turn.locale) for end in ("target_from", "target_to")
    )
    due = period["decision_due_at"]
    return [
        turn.say(
            "rules.window",
            month=period["title"],
            opens=periods.deadline(turn, period["opens_at"], period),
            closes=periods.deadline(turn, period["closes_at"], period),
        ),
        turn.say("rules.target", **{"from": first, "to": last}),
        turn.say("rules.limit", count=period["limit"]),
        turn.say("rules.decision", due=periods.day_of(turn, due, period)) if due else "",
        own,
    ]


class Help(Shown):
    """How it works, and whom to ask."""

    stays = True

    async def view(self, turn: Turn, data: Json) -> View:
        info, me = await turn.facts.info(), await turn.facts.me()
        contact = info["app"]["contact"]
        lines = [turn.say(f"help.{name}") for name in ("title", "file", "kept", "change")]
        lines += [turn.say("help.contact", contact=contact)] if contact else []
        pen = turn.pen(str(turn.state.card))
        begin = () if me["profile_complete"] else (pen.button("begin", "hi", accent=True),)
        last = (pen.button("rules", "rules"), pen.button("menu", "menu"))
        return View(message(*turn.notices, *lines), rows(begin, last, (pen.link("app", "/help"),)))


class Profile(Shown):
    """Facts that go with every application, each with a way to change it."""

    async def view(self, turn: Turn, data: Json) -> View:
        me, info = await turn.facts.me(), await turn.facts.info()
        pen = turn.pen(str(turn.state.card))
        fields = (await turn.facts.form(info["forms"][0]["id"]))["form"]["fields"] if info["forms"] else []
        known = [field for field in fields if field["name"] in me["display"]]
        facts = [turn.say("profile.row", label=f["label"], value=me["display"][f["name"]]) for f in known]
        note = turn.say("profile.note") if me["profile_complete"] else turn.say("profile.incomplete")
        changes = columns(pen.option(field["label"], f"fix:{field['name']}") for field in known)
        begin = () if me["profile_complete"] else (pen.button("begin", "hi", accent=True),)
        links = await _links(turn, pen)
        last = (pen.button("language", "lang"), pen.button("menu", "menu"))
        return View(message(*turn.notices, turn.say("profile.title"), *facts, note), rows(begin, changes, links, last))

    async def press(self, turn: Turn, data: Json, verb: str, argument: str) -> bool:
        me = await turn.facts.me()
        if verb != "fix" or argument not in me["profile"]:
            return False
        await filling.change_fact(turn, argument)
        return True


async def _links(turn: Turn, pen: Pen) -> tuple[Button, ...]:
    """The other messengers of this house: to be connected, or to be disconnected."""
    known = await turn.facts.links()
    linked = {link["provider"] for link in known["links"]}
    others = [messenger for messenger in known["messengers"] if messenger != turn.incoming.channel]
    return tuple(
        pen.button("disconnect", f"unlink:{messenger}", messenger=MESSENGER_NAMES[messenger])
        if messenger in linked
        else pen.button("connect", f"link:{messenger}", messenger=MESSENGER_NAMES[messenger])
        for messenger in others
    )


class Trouble(Shown):
    """The core said no to something that has no screen of its own: its sentence, and the way to the menu."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        words = plain(str(data.get("detail") or "")) or turn.say("say.trouble")
        return View(message(*turn.notices, words), rows((pen.button("mine", "mine"), pen.button("menu", "menu"))))


class Unknown(Shown):
    """Nobody of ours: a code to give to the coordinator."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen = turn.pen(str(turn.state.card))
        words = turn.say("person.unknown", code=_code(turn.incoming.user.id))
        return View(message(*turn.notices, words), rows((pen.button("again", "menu"),)))


def _code(user_id: str) -> str:
    """«A7-3F1»: short enough to read out, and found again by whoever has the list of people."""
    told = hashlib.sha256(user_id.encode()).hexdigest().upper()
    return f"{told[:2]}-{told[2:5]}"
