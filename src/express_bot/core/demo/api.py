"""Time travel of the demo and of tests: ``/api/demo/clock``. In production the route does not exist."""

from __future__ import annotations

from datetime import datetime

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts import errors
from express_bot.contracts.info import DemoClock, DemoClockAnswer
from express_bot.core.http import answer, house, operation
from express_bot.domain.roles import Permission

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
