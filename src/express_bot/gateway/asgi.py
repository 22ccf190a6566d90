"""The gateway as a module for granian: ``granian --interface asgi express_bot.gateway.asgi:app``."""

from __future__ import annotations

from express_bot.gateway.app import create_app
from express_bot.observability.logs import configure
from express_bot.observability.processes import die_with_parent, settle
from express_bot.settings import get_settings

die_with_parent()
configure(get_settings())
app = create_app(get_settings())
settle()
