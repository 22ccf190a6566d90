"""The pump of a messenger's cards: what is owed is shown, and what was shown is told, also for those who died."""

from __future__ import annotations

from collections.abc import Sequence

from express_bot.channels.base import Sender
from express_bot.channels.core_service import CoreService, OwedCard
from express_bot.channels.journal import Journal
from express_bot.channels.leases import LEASE_SECONDS
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.pumps import Pump
from express_bot.channels.works import CardWork
from express_bot.settings import Settings


class CardPump(Pump[OwedCard]):
    """One process's share of the cards; any number of processes may pump for the same messenger."""

    def __init__(
        self,
        settings: Settings,
        service: CoreService,
        sender: Sender,
        metrics: ChannelMetrics,
        *,
        one_by_one: bool = False,
    ) -> None:
        """Opens nothing before the first message. ``one_by_one``: few repetitions matter more than speed."""
        self._service = service
        self._journal = Journal(settings.var_dir / "outgoing", service.channel)
        work = CardWork(service, sender, metrics, self._journal, one_by_one=one_by_one)
        super().__init__("cards", take=self._owed, work=work, metrics=metrics)

    async def stop(self) -> None:
        """Finishes what is being sent; the rest stays in the core."""
        await super().stop()
        self._journal.close()

    async def _owed(self, limit: int) -> Sequence[OwedCard]:
        """What others have sent is told before it could be handed out again."""
        await self._journal.take_over(self._service.shown)
        return await self._service.claim_cards(limit=limit, lease=LEASE_SECONDS)
