"""The whole product as real processes, for tests that drive it from outside: journeys, faults, races.

``Stack`` runs PostgreSQL, core, gateway and (if asked) the worker and the local messenger with the very commands that
``express-bot up`` gives to its supervisor, on free ports, in a folder of its own. ``tests.stack.plugin`` has the
fixture, ``Chats`` are the messenger's people at work.
"""

from tests.stack.chats import Chats
from tests.stack.client import Answer, Client, Dropped, Lost, Refused
from tests.stack.house import Stack
from tests.stack.people import NewPerson
from tests.stack.program import Aim, Program

__all__ = ["Aim", "Answer", "Chats", "Client", "Dropped", "Lost", "NewPerson", "Program", "Refused", "Stack"]
