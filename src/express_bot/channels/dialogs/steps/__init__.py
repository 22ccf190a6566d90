"""How each kind of question is asked in a chat."""

from express_bot.channels.dialogs.steps.base import Given, Look, Missed, Move, Question, Step
from express_bot.channels.dialogs.steps.choice import ChoiceStep
from express_bot.channels.dialogs.steps.day import DayStep
from express_bot.channels.dialogs.steps.file import FileStep
from express_bot.channels.dialogs.steps.several import SeveralStep
from express_bot.channels.dialogs.steps.written import NumberStep, TextStep, YesNoStep

STEPS: dict[str, Step] = {
    "choice": ChoiceStep(),
    "multichoice": SeveralStep(),
    "date": DayStep(),
    "text": TextStep(),
    "person": TextStep(),
    "number": NumberStep(),
    "boolean": YesNoStep(),
    "file": FileStep(),
}
"""By kind of field."""

__all__ = ["STEPS", "Given", "Look", "Missed", "Move", "Question", "Step"]
