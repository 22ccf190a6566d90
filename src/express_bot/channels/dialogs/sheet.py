"""One form being filled in a chat, wherever its answers are kept: a draft, an edit of a filed application, the profile.

A sheet is read anew for every event, so what another door has changed meanwhile is simply what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.state import Flow
from express_bot.domain import display, texts
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.fields import AnyField

#: The two facts of a profile that the house itself knows by name (core/users).
NAME, NUMBER = "full_name", "personnel_number"


@dataclass
class Sheet:
    """A form, what is known without asking, and what was answered here."""

    flow: Flow
    form: CompiledForm
    known: Json
    own: Json
    period: Json | None = None
    draft: Json | None = None
    dropped: dict[str, str] = field(default_factory=dict)
    """Answers that have become impossible, by field, with the reason to tell."""

    def __post_init__(self) -> None:
        self._drop_impossible()

    @property
    def answers(self) -> Json:
        """Everything that is known, cleaned."""
        return self.form.clean({**self.known, **self.own})

    def fields(self) -> list[AnyField]:
        """Questions of this sheet that can be asked in a chat, in order."""
        is_profile = self.flow.kind == "profile"
        shown = [f for f in self.form.visible(self.answers) if f.profile == is_profile]
        # the name stands first: whoever is no one else's has it confirmed before anything is asked
        return sorted(shown, key=lambda f: f.name != NAME) if is_profile else shown

    def asked(self) -> list[AnyField]:
        """Questions that must be answered, in order."""
        return [f for f in self.fields() if f.required and f.name not in self.flow.covered]

    def extras(self) -> list[AnyField]:
        """Questions that may be answered."""
        return [f for f in self.fields() if not f.required]

    def next_field(self) -> AnyField | None:
        """The first question without an answer."""
        answers = self.answers
        return next((f for f in self.asked() if answers.get(f.name) is None), None)

    def find(self, name: str) -> AnyField | None:
        """A question of this sheet by name; ``None`` when it is not asked any more."""
        return next((f for f in self.fields() if f.name == name), None)

    def options(self, asked: AnyField) -> list[Json]:
        """The options of a choice that fit the answer above it; all of them where no option was chosen there."""
        sent = self.form.sent[asked.name]
        parent = self.answers.get(sent.get("parent") or "")
        if not isinstance(parent, str):
            return list(sent["options"])
        return [option for option in sent["options"] if parent in option.get("parents", ())]

    def judge(self, name: str, value: Any) -> str | None:
        """What is wrong with an answer, in words."""
        candidate = self.form.clean({**self.answers, name: value})
        if name not in candidate:
            return str(self.form.sent[name]["messages"].get("required") or "") or None
        errors = self.form.validate(self.form.without_hidden(candidate))
        return next((error.message for error in errors if error.field == name), None)

    def with_answer(self, name: str, value: Any) -> tuple[Json, list[str]]:
        """The answers given here once this one is among them, and every field that has changed by it.

        ``None`` takes an answer away. What depends on the answer and does not fit it any more goes with it.
        """
        own = {**self.own, name: value}
        if value is None:
            del own[name]
        changed, after = [name, *self.dropped], Sheet(self.flow, self.form, self.known, own)
        if after.dropped:
            self.dropped |= after.dropped
        return after.own, [*dict.fromkeys([*changed, *after.dropped])]

    def outgoing(self) -> Json:
        """What is sent: asked answers of this form; facts of the profile are the core's."""
        facts = set(self.form.definition.profile)
        return {name: value for name, value in self.form.without_hidden(self.answers).items() if name not in facts}

    def brief(self, name: str) -> str | None:
        """One answer in few words: «15 января»."""
        asked = self.form.by_name[name]
        return display.brief(self.form, asked, self.answers.get(name))

    def chosen(self, *, but: str | None = None) -> str:
        """What has been answered so far, but for one question: «Сочи»."""
        found = (self.brief(f.name) for f in self.fields() if f.name != but and f.required)
        return ", ".join(words for words in found if words)

    def title(self) -> str:
        """The answers that name the application: «Сочи, 15 января»; empty when none is given."""
        found = (self.brief(name) for name in self.form.definition.summary)
        return ", ".join(words for words in found if words)

    def _drop_impossible(self) -> None:
        """Takes away answers that the form does not allow now: the list changed, the base moved, the day is gone."""
        errors = self.form.validate(self.form.without_hidden(self.answers))
        for error in errors:
            if error.code != "required" and error.field in self.own:
                is_known = error.field in self.form.by_name
                self.dropped[error.field] = self._farewell(error.field, error.code, error.message) if is_known else ""
        self.own = {name: value for name, value in self.own.items() if name not in self.dropped}

    def _farewell(self, name: str, code: str, message: str) -> str:
        """«Для базы СПБ направления Магадан нет в списке, выберите направление заново»."""
        sent: Mapping[str, Any] = self.form.sent.get(name, {})
        cleared = sent.get("texts", {}).get("cleared")
        if code != "wrong_parent" or not cleared:
            return message
        words = {"value": self.brief(name) or "", "parent": self.brief(sent["parent"]) or ""}
        return texts.fill(str(cleared), words)
