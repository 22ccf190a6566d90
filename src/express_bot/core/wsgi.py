"""The core's process: ``granian --interface wsgi express_bot.core.wsgi:app``."""

from __future__ import annotations

from express_bot.core import lean as lean  # before everything else
from express_bot.core.app import create_app
from express_bot.core.latency.service import Keeper
from express_bot.observability.logs import configure
from express_bot.observability.processes import die_with_parent, settle
from express_bot.settings import get_settings

die_with_parent()
configure(get_settings())
app = create_app(get_settings())
Keeper(app.extensions["house"].metrics, app.extensions["house"].pool).start()
settle()
