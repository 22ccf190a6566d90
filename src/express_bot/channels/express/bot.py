"""The bot's account at the eXpress server, on pybotx: one connection pool, one way of proving ourselves."""

from __future__ import annotations

import ssl
from asyncio import Future
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn, TypeVar
from uuid import UUID

import httpx
from loguru import logger as library_log
from pybotx import Bot, BotAccountWithSecret, BotXAuthVersion
from pybotx.bot.callbacks.callback_repo_proto import CallbackRepoProto
from pybotx.bot.exceptions import BotXMethodCallbackNotFoundError
from pybotx.client.exceptions.common import InvalidBotAccountError
from pybotx.models.bot_account import BotAccountKey
from pybotx.models.method_callbacks import BotXMethodCallback

from express_bot.channels.spool import Spool
from express_bot.settings import Settings, reveal

Result = TypeVar("Result")

TIMEOUT = httpx.Timeout(connect=3, read=12, write=10, pool=5)
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=15)


class Forgetful(CallbackRepoProto):
    """Keeps no callbacks: they come by the gateway to the core, on whichever instance, in whichever order.

    The library's own repository keeps a future of every message for ever and knows nothing of other instances.
    """

    async def create_botx_method_callback(self, sync_id: UUID) -> None:
        """Nothing to prepare."""

    async def set_botx_method_callback_result(self, callback: BotXMethodCallback) -> None:
        """No callback is ever given to the library."""
        self._nothing(callback.sync_id)

    async def wait_botx_method_callback(self, sync_id: UUID, timeout: float) -> BotXMethodCallback:  # noqa: ARG002
        """Nobody waits here."""
        self._nothing(sync_id)

    async def pop_botx_method_callback(self, sync_id: UUID) -> Future[BotXMethodCallback]:
        """There is none."""
        self._nothing(sync_id)

    async def stop_callbacks_waiting(self) -> None:
        """Nobody waits."""

    def _nothing(self, sync_id: UUID) -> NoReturn:
        raise BotXMethodCallbackNotFoundError(sync_id)


class ExpressBot(Bot):
    """The library's bot for our one account, which asks for a new token when the old one is not taken any more.

    Only the calls that we make are wrapped. With version 2 each call is signed anew and there is nothing to renew.
    """

    def __init__(self, settings: Settings) -> None:
        """Opens nothing before the first call."""
        self.id = UUID(settings.express_bot_id)
        account = BotAccountWithSecret(
            id=self.id,
            cts_url=settings.cts_url,  # type: ignore[arg-type]  # read by pydantic
            secret_key=reveal(settings.express_secret_key) or "",
        )
        self._key = BotAccountKey(account.host, self.id)
        self._renews = settings.express_auth_version == "v1"
        super().__init__(
            collectors=(),
            bot_accounts=[account.model_copy(update={"account_key": self._key})],
            httpx_client=_client(settings.cts_url),
            callback_repo=Forgetful(),
            auth_version=BotXAuthVersion(settings.express_auth_version),
        )

    async def send_message(self, **message: Any) -> UUID:
        """Sends a message without waiting for its callback."""
        sync_id = await self._proven(lambda: super(ExpressBot, self).send_message(**message, wait_callback=False))
        self._callbacks_manager.cancel_callback_timeout_alarm(sync_id)
        return sync_id

    async def edit_message(self, **message: Any) -> None:
        """Changes a message."""
        await self._proven(lambda: super(ExpressBot, self).edit_message(**message))

    async def delete_message(self, **message: Any) -> None:
        """Takes a message away."""
        await self._proven(lambda: super(ExpressBot, self).delete_message(**message))

    async def get_message_status(self, **message: Any) -> Any:
        """Where a message stands and who has it."""
        return await self._proven(lambda: super(ExpressBot, self).get_message_status(**message))

    async def send_smartapp_event(self, **event: Any) -> None:
        """Answers the app, or tells it something."""
        await self._proven(lambda: super(ExpressBot, self).send_smartapp_event(**event))

    async def search_user_by_huid(self, **who: Any) -> Any:
        """A person's profile."""
        return await self._proven(lambda: super(ExpressBot, self).search_user_by_huid(**who))

    async def fetch_file(self, *, chat_id: UUID, file_id: UUID, spool: Spool) -> None:
        """Fetches a file of a chat into the spool."""

        async def fetch() -> None:
            spool.empty()
            await super(ExpressBot, self).download_file(
                bot_id=self.id,
                chat_id=chat_id,
                file_id=file_id,
                async_buffer=spool,  # type: ignore[arg-type]  # everything that the library calls is there
            )

        await self._proven(fetch)

    async def close(self) -> None:
        """Gives the connections back."""
        await self._httpx_client.aclose()

    async def _proven(self, call: Callable[[], Awaitable[Result]]) -> Result:
        try:
            return await call()
        except InvalidBotAccountError:
            if not self._renews:
                raise
        self.invalidate_account(self._key)
        return await call()


def _client(cts_url: str) -> httpx.AsyncClient:
    """Straight to the server: a proxy of the environment is for the world outside, and this is the company's own."""
    verify = ssl.create_default_context() if cts_url.startswith("https:") else False
    return httpx.AsyncClient(trust_env=False, timeout=TIMEOUT, limits=LIMITS, verify=verify)


# Both libraries log whole bodies, with what people wrote in them; our own lines say what happened.
for _library in ("pybotx", "pybotx_smartapp_rpc"):
    library_log.disable(_library)
