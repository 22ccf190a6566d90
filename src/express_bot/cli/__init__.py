"""The express-bot command, one file per group of commands."""
