"""What is remembered of a conversation between two events: JSON in the core, one row per chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from express_bot.channels.dialogs.door import Dialog, Json

VERSION = 1
#: A conversation rests so long; after that its buttons are gone, the draft stays (ux.md C1.8).
LIFE = timedelta(days=14)
#: After so long a pause it asks before it goes on.
PAUSE = timedelta(hours=1)
#: A second press of the same button within this time is a finger, not a wish.
DOUBLE_PRESS = timedelta(seconds=1)
#: An adapter may remember a person for so long.
LANGUAGE_NEWS = timedelta(minutes=1)
#: Handled events that are remembered; a repetition comes soon or never.
EVENTS_KEPT = 10
#: Applications whose unsaved edits are kept.
EDITS_KEPT = 3


@dataclass
class Screen:
    """What the current card shows: a screen's name and its own few figures."""

    name: str
    data: Json = field(default_factory=dict)


@dataclass
class Flow:
    """Questions being answered: a new application, an edit of a filed one, or the profile."""

    kind: Literal["new", "edit", "profile"]
    form: str
    key: str = ""
    """Idempotency key of the application to be: its draft's."""
    version: int | None = None
    """Of the draft as last seen here, or of the application being edited."""
    number: str | None = None
    """The application being edited."""
    answers: Json = field(default_factory=dict)
    """New: what the check showed and «Отправить» sends. Edit: what differs from what is filed; ``None``: taken away."""
    period: int | None = None
    """The period that the check was made for."""
    then: str | None = None
    """Profile: the form that waits for it."""
    covered: list[str] = field(default_factory=list)
    """Profile: facts that «Да, это я» has settled."""

    @property
    def again(self) -> str:
        """The choice that goes on with what was put off; it works on any card, however old."""
        if self.kind == "edit":
            return f"edit:{self.number}"
        form = self.form if self.kind == "new" else self.then
        return f"on:{form}" if form else "hi"


@dataclass
class State:
    """One conversation."""

    card: str | None = None
    """The present card: the message with the present buttons."""
    newest: str | None = None
    """The last message that this conversation has made; one that is newer came without being asked for."""
    rev: int = 0
    """Grows with every view of any card of this chat; tells an old keyboard from the present one."""
    screen: Screen | None = None
    flow: Flow | None = None
    edits: dict[str, Json] = field(default_factory=dict)
    """Unsaved edits by number."""
    scrapped: dict[str, Json] = field(default_factory=dict)
    """Answers of drafts that were deleted on a reminder, by form: «Вернуть черновик» brings them back."""
    pressed: str | None = None
    """The last press that was followed; with ``pressed_at`` it tells a double press."""
    pressed_at: str | None = None
    language: list[str] | None = None
    """``[chosen, before, when]``: until the adapter has heard of it too, the choice made here counts."""
    misses: int = 0
    """How often in a row the person was not understood."""
    away: str | None = None
    """The messenger in which the questions go on that stand here; the card says so."""
    moves: int = 0
    """How often this flow has gone on in a new message."""
    events: list[str] = field(default_factory=list)
    """Events handled lately."""

    def dump(self) -> Json:
        """The JSON to keep."""
        return {"v": VERSION, **asdict(self)}

    def remember_event(self, event_id: str) -> None:
        self.events = [*self.events, event_id][-EVENTS_KEPT:]

    def remember_press(self, token: str, at: datetime) -> None:
        self.pressed, self.pressed_at = token, at.isoformat()

    def is_double(self, token: str, at: datetime) -> bool:
        """The same button again, at once."""
        if token != self.pressed or self.pressed_at is None:
            return False
        return abs(at - datetime.fromisoformat(self.pressed_at)) <= DOUBLE_PRESS

    def choose_language(self, chosen: str, before: str, at: datetime) -> None:
        self.language = [chosen, before, at.isoformat()]

    def language_for(self, told: str, at: datetime) -> str:
        """The language to speak; ``told`` by an adapter that may remember the one before for a moment."""
        if self.language is not None:
            chosen, before, when = self.language
            if told == before and at - datetime.fromisoformat(when) <= LANGUAGE_NEWS:
                return chosen
            self.language = None
        return told

    def keep_edits(self, flow: Flow) -> None:
        """The edits of this flow survive whatever the conversation turns to."""
        kept = {number: edits for number, edits in self.edits.items() if number != flow.number}
        kept[str(flow.number)] = flow.answers
        self.edits = dict(list(kept.items())[-EDITS_KEPT:])


def load(dialog: Dialog, user_id: str, at: datetime) -> tuple[State, bool]:
    """The conversation as it stands, and whether it has just run out.

    A chat that belongs to somebody else now, or a state of another version of ours, begins anew: drafts are the core's.
    """
    told = dialog.state
    state = (read(told) if dialog.user_id in (None, user_id) else None) or State()
    if dialog.at is None or at - dialog.at <= LIFE:
        return state, False
    return State(
        card=state.card, rev=state.rev, edits=state.edits, scrapped=state.scrapped, events=state.events
    ), state.card is not None


def read(told: Mapping[str, Any]) -> State | None:
    """What this version of ours understands of it; another one may run beside it while it is being replaced."""
    if told.get("v") != VERSION:
        return None
    screen, flow = told.get("screen"), told.get("flow")
    return State(
        **_known(State, {**told, "screen": None, "flow": None}),
        screen=Screen(**_known(Screen, screen)) if screen else None,
        flow=Flow(**_known(Flow, flow)) if flow else None,
    )


def _known(kind: type[Any], told: Mapping[str, Any]) -> Json:
    names = {member.name for member in fields(kind)}
    return {name: value for name, value in told.items() if name in names and value is not None}
