"""The app inside Telegram: the real product, and a page and a native object that play Telegram's clients.

What they send is what the official clients send: launch parameters in the address, signed with the bot's token, and
events as JSON over messages (web) or over ``TelegramWebviewProxy`` and ``Telegram.WebView.receiveEvent`` (phones).
"""
