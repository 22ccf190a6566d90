"""A messenger's page with the app in a frame: speaks the bridge's wire format, and answers calls from the real core."""

from tests.journeys.messenger.phone import Phone
from tests.journeys.messenger.server import Messenger, served

__all__ = ["Messenger", "Phone", "served"]
