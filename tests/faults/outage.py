"""The messenger's server is away: applications are accepted meanwhile, what the bot owes comes after, once, in order.

``python -m tests.faults.outage --minutes 10 --way 503``. Nothing is sped up: pauses and leases are the product's own,
so a long outage takes its time. Ways: ``503`` (BotX answers so), ``drop`` (it cuts every call), ``gone`` (its process
is away and comes back without a memory). With ``--control patience`` the same harness drives a core that gives a
message up after its first failure, with ``--control fallback`` (and ``--way gone``) a gateway that sends no new message
in the place of one it cannot edit; both must turn red. Exit code 0 when every finding is nought, else 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from tests.conftest import NOW
from tests.faults.filing import Intent, Ledger, Wishes
from tests.faults.findings import LEFT, of_events, tell
from tests.faults.outage_proof import OWED, Findings, Report, arrivals, is_told
from tests.faults.pace import Pace
from tests.faults.phones import Desk, Phones
from tests.faults.proof import examine
from tests.faults.server import Member, Server
from tests.faults.walking import PATIENCE
from tests.stack import Stack

#: Products without one of the protections.
CONTROLS = {
    "patience": {"core_app": "tests.faults.impatient_core:app"},
    "fallback": {"gateway_app": "tests.faults.stubborn_gateway:app"},
}
WAYS = ("503", "drop", "gone")
#: Written without seeing anything: the bot understands words at every step.
BLINDLY = ("/заявка", "Владивосток", "15 января", "Отправить")
#: The longest pause between two tries is a minute.
BACK_WITHIN = 90.0


class Outage:
    """People at work before, during and after."""

    def __init__(self, stack: Stack, way: str, seconds: float) -> None:
        self.report = Report(way, seconds)
        self._stack = stack
        self._server = Server(stack, share=0.0)
        self._members = self._server.replace(stack.new_people(5))
        self._wishes = Wishes(stack, stack.new_people(1))
        self._certificates = [self._wishes.certificate(member.person) for member in self._members]
        self._ledger = Ledger()
        self._unhealthy = 0
        self._words: set[str] = set()

    def run(self) -> Report:
        """All three parts, and the comparison."""
        with Phones(self._stack) as phones, Desk(self._stack) as desk:
            self._tell(["/start"] * len(self._members))
            assert all(desk.settled(member.chat, PATIENCE) for member in self._members)
            self._file_meanwhile(self._before, lambda pace: time.sleep(min(self.report.seconds, 20.0)))
            places = self._places()
            self._break()
            time.sleep(0.5)  # what is just under way arrives
            already = len(phones.log)
            self._file_meanwhile(self._during, self._live_on)
            early = len(phones.log) - already
            self.report.owed = self._stack.sql(OWED)
            self.report.tries = sum(row["attempts"] for row in self._stack.sql("select attempts from cards"))
            self._mend()
            self._see_it_through(phones)
            self.report.replaced = sum(place != places.get(card, place) for card, place in self._places().items())
            self.report.findings = self._examine(phones, phones.log[already + early :], early)
        return self.report

    # ── what happens meanwhile ──

    def _before(self, pace: Pace) -> None:
        self.report.before = pace

    def _during(self, pace: Pace) -> None:
        self.report.during = pace

    def _file_meanwhile(self, note: Callable[[Pace], None], live: Callable[[Pace], None]) -> None:
        """Others file over HTTP at an even pace for as long as something else goes on."""
        with Pace(self._stack, self._wishes, self._stack.new_people(40), self._ledger) as pace:
            note(pace)
            live(pace)

    def _live_on(self, _pace: Pace) -> None:
        """The people write on at even distances; in the middle each one's app files too."""
        end, parts = time.monotonic() + self.report.seconds, len(BLINDLY) + 1
        for words in BLINDLY:
            self._tell([words] * len(self._members))
            self._rest(self.report.seconds / parts)
            if words == BLINDLY[1]:
                self._ask_by_app()
        self._rest(end - time.monotonic())

    def _tell(self, words: list[str]) -> None:
        for member, text in zip(self._members, words, strict=True):
            self._server.tell(self._server.said(member, text))

    def _ask_by_app(self) -> list[str]:
        """The same call each time; the refs of the answers."""
        events = [
            self._server.asked(member, "submit", {"client_key": intent.key, "body": intent.body})
            for member, intent in zip(self._members, self._certificates, strict=True)
        ]
        for event in events:
            self._server.tell(event)
        return [event.sync_id for event in events]

    def _rest(self, seconds: float) -> None:
        """Goes on looking whether the product thinks itself well enough to serve people."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            client = self._stack.client()
            health = client.get("/health").json
            self._words.add(health["components"]["express"])
            self._unhealthy += health["status"] == "down"
            self._unhealthy += client.get("/health/ready").status != 200
            client.close()
            time.sleep(min(1.0, max(0.0, until - time.monotonic())))

    # ── the server goes and comes ──

    def _break(self) -> None:
        if self.report.way == "gone":
            assert self._stack.emulator is not None
            self._stack.emulator.stop()
        else:
            self._stack.messenger.broken(botx=self.report.way)

    def _mend(self) -> None:
        if self.report.way == "gone":
            assert self._stack.emulator is not None
            self._stack.emulator.start()
            self._stack.wait_healthy()
        else:
            self._stack.messenger.broken(botx="ok")

    def _see_it_through(self, phones: Phones) -> None:
        began = time.monotonic()
        self._stack.wait_until(lambda: not self._stack.sql(OWED), BACK_WITHIN, "not everything owed was sent")
        self.report.back_after = time.monotonic() - began
        for ref in self._ask_by_app():
            answer = phones.answer(ref, PATIENCE)
            assert [said["status"] for said in answer or []] == ["ok"], answer
        # an answer is on its way before its event is noted as done
        self._stack.wait_until(lambda: not self._stack.count(LEFT), BACK_WITHIN, "not every event was handled")

    # ── what came of it ──

    def _examine(self, phones: Phones, log: list[tuple[str, str]], early: int) -> Findings:
        post = self._server.post
        return Findings(
            http_wrong=int(not examine(self._stack, self._ledger).is_clean),
            **of_events(self._stack, self._members, post, phones),
            not_accepted=len(post.refused) + len(post.given_up),
            unfiled=sum(map(self._is_unfiled, self._members, self._certificates)),
            unhealthy=self._unhealthy,
            unnoticed=int("down" not in self._words),
            early=early,
            **arrivals(self.report.owed, self._as_cards(log)),
            unsaid=sum(not is_told(member, phones) for member in self._members),
        )

    def _is_unfiled(self, member: Member, certificate: Intent) -> bool:
        rows = self._stack.sql("select form_id, answers from applications where applicant_id = %s", (member.person.id,))
        flights = [row for row in rows if row["form_id"] == "flight"]
        certificates = [row for row in rows if row["answers"].get("comment") == certificate.mark]
        return (len(rows), len(flights), len(certificates)) != (2, 1, 1)

    def _places(self) -> dict[str, str]:
        """Under which messages the cards stand that were shown."""
        rows = self._stack.sql("select id::text as card, external_id from cards where external_id is not null")
        return {row["card"]: row["external_id"] for row in rows}

    def _as_cards(self, log: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """What arrived, by card; a message that is none of ours stays what it is."""
        cards = {place: card for card, place in self._places().items()}
        return [(chat, cards.get(message, message)) for chat, message in log]


def run(way: str, seconds: float, *, control: str | None = None) -> Report:
    """One outage, on a stack of its own."""
    with Stack(express=True, now=NOW, **CONTROLS.get(control or "", {})) as stack:
        return Outage(stack, way, seconds).run()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.outage", description="the messenger is away")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--way", choices=WAYS, default="503")
    parser.add_argument("--control", choices=CONTROLS, help="without one protection: it must turn red")
    asked = parser.parse_args()
    return tell(run(asked.way, asked.minutes * 60, control=asked.control))


if __name__ == "__main__":
    sys.exit(main())
