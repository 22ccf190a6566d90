"""The local messenger of the demo and of tests: a BotX server and the page that shows it. Absent in production."""
