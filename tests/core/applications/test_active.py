"""The index's condition and the workflow's words must mean the same."""

from express_bot.core.applications.active import ACTIVE
from express_bot.domain import workflow


def test_the_statuses_that_hold_a_place_are_the_same_in_the_index_and_in_the_workflow() -> None:
    free = {part.strip(" '") for part in ACTIVE.partition("(")[2].rstrip(")").split(",")}
    assert free == {status.value for status in workflow.Status if status not in workflow.ACTIVE}
