"""The local messenger of the demo and of tests: a BotX server and the page that shows it. Absent in production.

Two faces, one world in memory: ``botx/`` is what the bot calls, ``messenger/`` calls the bot as eXpress does, ``api/``
serves the page that plays the people's phones. ``world.py`` holds who is there and what was said.
"""
