"""A running messenger, and the vendor's bot before it in both ways of proving itself."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator

import jwt
import pytest
from pybotx import BotXAuthVersion

from tests.emulator.serving import BOT_ID, SECRET_KEY, Emulator, running_emulator
from tests.emulator.vendor_bot import VendorBot
from tests.gateway.serving import free_ports


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Emulator, int]]:
    [bot_port] = free_ports(1)
    with running_emulator(bot_port, tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator, bot_port


@pytest.fixture
def emulator(running: tuple[Emulator, int]) -> Emulator:
    """The messenger with empty chats and nothing broken."""
    running[0].reset()
    return running[0]


@pytest.fixture
async def vendor(running: tuple[Emulator, int], emulator: Emulator) -> AsyncIterator[VendorBot]:
    """A bot that proves itself the new way (auth v2)."""
    async with VendorBot(emulator, BotXAuthVersion.V2).serving(running[1]) as bot:
        yield bot


@pytest.fixture
def headers_v2() -> dict[str, str]:
    """The proof of a bot that speaks without the library."""
    now = int(time.time())
    claims = {"iss": BOT_ID, "aud": "localhost", "version": 2, "iat": now, "nbf": now, "exp": now + 60, "jti": "1"}
    return {"Authorization": f"Bearer {jwt.encode(claims, SECRET_KEY, 'HS256')}"}
