"""Which addresses are of our own network: a proxy of the environment is for the world outside."""

from __future__ import annotations

import ipaddress


def is_ours(host: str) -> bool:
    """A private address, or a name without a dot."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host
