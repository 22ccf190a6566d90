"""Telegram: the bot at the Bot API, on python-telegram-bot's ``Bot`` and ``Update`` and their types, nothing more."""
