"""Headers that keep browsers honest (trust §2.3 A9 to A11), made once at start.

There is no CORS here: no answer allows another origin, so a browser keeps foreign pages from reading anything and from
sending our JSON at all. CSRF needs no check of its own either: who calls is said by a bearer token that the page adds
itself, and nothing that a browser would send along by itself (a cookie) proves anybody.
"""

from __future__ import annotations

from express_bot.settings import Settings

Headers = list[tuple[bytes, bytes]]

YEAR = 365 * 24 * 3600
_NOBODY = "'none'"
#: The page of Telegram's web clients; the others show the app in a WebView, which frames nothing.
TELEGRAM_WEB = "https://web.telegram.org"
_DEVICES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")


def everywhere(settings: Settings) -> Headers:
    """For every answer of ours."""
    headers = [
        (b"server", b"express-bot"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
    ]
    if settings.public_url.startswith("https://"):
        headers.append((b"strict-transport-security", f"max-age={YEAR}; includeSubDomains".encode()))
    return headers


def for_data(settings: Settings) -> Headers:
    """For answers that are no page: nothing in them may ever run or be framed."""
    return [
        *everywhere(settings),
        (b"content-security-policy", b"default-src 'none'; sandbox; frame-ancestors 'none'"),
        (b"x-frame-options", b"DENY"),
    ]


def for_pages(settings: Settings) -> Headers:
    """For the app itself: only its own files, no inline code, framed by nobody but the configured hosts."""
    ancestors = " ".join(framers(settings)) or _NOBODY
    headers = [
        *everywhere(settings),
        (b"content-security-policy", _policy(ancestors).encode()),
        (b"permissions-policy", ", ".join(f"{device}=()" for device in _DEVICES).encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
    # The older header knows no list of hosts: where hosts are configured it would only stand in their way.
    return [*headers, (b"x-frame-options", b"DENY")] if ancestors == _NOBODY else headers


def framers(settings: Settings) -> list[str]:
    """Origins that may frame the app: the configured hosts, and Telegram's own where our bot is there."""
    hosts = [host for host in settings.frame_ancestors.split() if host != _NOBODY]
    return [*hosts, TELEGRAM_WEB] if settings.speaks_telegram and TELEGRAM_WEB not in hosts else hosts


def _policy(ancestors: str) -> str:
    rules = {
        "default-src": _NOBODY,
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": _NOBODY,
        "form-action": _NOBODY,
        "frame-ancestors": ancestors,
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())
