"""The app inside a messenger: the unmodified SDK in a frame of another site.

The messenger here is a page and a small server: the page speaks the bridge's wire format, the server answers calls to
the bot from the real core.
"""
