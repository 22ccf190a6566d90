"""«Сломать»: what is broken on purpose, switched by ``POST /emulator/faults``."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

BotxAnswer = Literal["ok", "401", "429", "500", "503", "drop", "lost_answer"]
Network = Literal["ok", "none", "slow"]
Callbacks = Literal["ok", "early", "late", "shuffled", "duplicate", "lost", "error"]
Proof = Literal["ok", "expired", "forged", "missing"]

#: Reasons that BotX gives in a failed callback (protocol §3.3).
Reason = Literal[
    "chat_not_found",
    "bot_is_not_a_chat_member",
    "event_recipients_list_is_empty",
    "stealth_mode_disabled",
    "error_from_messaging_service",
    "flow_processing_error",
    "unexpected_error",
]


class Faults(BaseModel):
    """Everything whole by default."""

    model_config = ConfigDict(extra="forbid")

    #: BotX as the bot meets it. ``drop``: the call is cut before it is carried out; ``lost_answer``: after it.
    botx: BotxAnswer = "ok"
    retry_after: int = Field(default=2, ge=0, le=3600)
    #: The phone's own network. Without it nothing leaves the phone; ``slow`` is a 2G connection.
    network: Network = "ok"
    #: The phone's chat shows nothing new, while what is pressed in it goes out: that is how old keyboards are pressed.
    stale_chat: bool = False
    callbacks: Callbacks = "ok"
    callback_reason: Reason = "chat_not_found"
    #: How late a late callback is, in seconds.
    callback_delay: float = Field(default=5, ge=0, le=120)
    #: Every event reaches the bot twice, with one and the same sync_id.
    duplicate_events: bool = False
    #: The answer of a SmartApp call gets lost on its way to the phone.
    lost_app_answers: bool = False
    #: What the messenger shows as its proof when it calls the bot.
    proof: Proof = "ok"
    #: Seconds by which the messenger's clock is wrong.
    clock_skew: int = Field(default=0, ge=-86_400, le=86_400)
    #: The claims of the messenger's proof: eXpress servers differ.
    proof_version: Literal[1, 2] = 1

    def broken(self) -> list[str]:
        """Names of the switches that are not in their place."""
        whole = Faults()
        return [name for name in type(self).model_fields if getattr(self, name) != getattr(whole, name)]
