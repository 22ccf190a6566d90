"""Time travel and looking in, for the demo and tests: ``/api/demo/…``. In production these routes do not exist."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, Response, current_app
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts import errors
from express_bot.contracts.info import DemoClock, DemoClockAnswer
from express_bot.contracts.looking_in import Inside, Trail
from express_bot.core.demo import repository
from express_bot.core.demo.trail import Calls
from express_bot.core.http import answer, db, house, operation, principal
from express_bot.domain.roles import Permission

PROMISES, DELIVERIES = 10, 50
CALLS = "calls of the demo"

api = APIBlueprint("demo", __name__, url_prefix="/api/demo", abp_tags=[Tag(name="demo", description=__doc__)])


@api.put("/clock", summary="Move the business clock", responses={200: DemoClockAnswer})
@operation(Permission.CLOCK_SET, atomic=False)
def move_clock(body: DemoClock) -> Response:
    """Stands at the given moment from now on and goes on running; ``null`` returns to the real time."""
    return answer({"now": house().clock.move(_moment(body.now))})


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        raise errors.InvalidBody(errors=[errors.FieldError("now", "wrong_value")])
    return moment


@api.get("/inside", summary="Where my conversations and promises stand", responses={200: Inside})
@operation(Permission.SELF_READ)
def look_inside() -> Response:
    """Only the caller's own, as the house keeps them."""
    me = principal().user_id
    return answer(
        Inside.model_validate(
            {
                "conversations": repository.conversations(db(), me),
                "outbox": repository.promises(db(), me, limit=PROMISES),
            }
        )
    )


@api.get("/trail", summary="What core and queue have just done", responses={200: Trail})
@operation(Permission.CLOCK_SET)
def read_trail() -> Response:
    """Changes of this process and the latest deliveries, with the time each took; no contents."""
    calls: Calls = current_app.extensions[CALLS]
    lines = [*calls.lines(), *repository.deliveries(db(), limit=DELIVERIES)]
    return answer(Trail.model_validate({"lines": sorted(lines, key=lambda line: line["at"])}))


def wire(app: Flask) -> None:
    """What ``/api/demo/trail`` tells has to be heard."""
    calls = app.extensions[CALLS] = Calls()
    calls.wire(app)
