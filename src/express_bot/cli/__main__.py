"""``python -m express_bot.cli``: the same as ``express-bot``."""

from express_bot.cli import main

main()
