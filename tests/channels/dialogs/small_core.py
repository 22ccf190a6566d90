"""A core in memory with one form, for the property that any form can be walked; the judge is the real one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.dialogs.door import Acting, Json
from express_bot.core_client import CoreError
from express_bot.domain.compiled import CompiledForm
from tests.channels.dialogs.house import Memory

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC).isoformat()


class SmallCore(HttpCoreDoor):
    """People's operations on one form; dialogs and cards as in ``Memory``."""

    def __init__(self, form: CompiledForm) -> None:
        super().__init__(self)  # type: ignore[arg-type]
        self.form_ = form
        self.memory = Memory()
        self.draft: Json | None = None
        self.filed: list[Json] = []
        self.given_up: list[str] = []

    async def request(self, method: str, path: str, json: Any = None, **_: Any) -> Any:
        return self.memory.answer(method, path, json)

    async def info(self, who: Acting) -> Json:
        form = {"id": "generated", "title": "Заявка", "description": "", "has_period": False}
        app = {"name": "Заявки", "contact": "", "version": "0", "organisation": "", "mode": "test"}
        return {"app": app, "server_time": MOMENT, "forms": [form], "user": self._user(who), "unseen": 0}

    def _user(self, who: Acting) -> Json:
        return {"id": who.user_id, "full_name": "Анна", "short_name": "Анна", "locale": who.locale}

    async def form(self, who: Acting, form: str) -> Json:
        return {"form": self.form_.as_json, "period": None}

    async def profile(self, who: Acting) -> Json:
        return {
            "user": self._user(who), "profile": {}, "display": {}, "profile_complete": True, "suggestion": None
        }  # fmt: skip

    async def change_profile(self, who: Acting, body: Json) -> Json:
        return await self.profile(who)

    async def links(self, who: Acting) -> Json:
        return {"links": [], "messengers": []}

    async def redeem(self, who: Acting, code: str, *, key: str) -> Json:
        raise CoreError(422, {"code": "code_wrong", "detail": "Код не подошёл"})

    async def read_draft(self, who: Acting, form: str) -> Json | None:
        return self.draft and dict(self.draft)

    async def save_draft(self, who: Acting, draft: Json) -> Json:
        version = (self.draft or {"version": 0})["version"] + 1
        kept = {name: draft[name] for name in ("form", "answers", "client_key")}
        self.draft = {**kept, "version": version, "updated_at": MOMENT, "channel": who.channel}
        return {"draft": dict(self.draft), "merged": False}

    async def delete_draft(self, who: Acting, form: str) -> None:
        self.draft = None

    async def delete_file(self, who: Acting, file: str, *, key: str) -> None:
        assert key
        self.given_up.append(file)

    async def submit(self, who: Acting, body: Json, *, key: str) -> Json:
        answers = self.form_.clean(body["answers"])
        wrong = self.form_.validate(answers)
        if wrong:
            told = [{"field": error.field, "code": error.code, "message": error.message} for error in wrong]
            raise CoreError(422, {"code": "invalid_answers", "detail": "Проверьте ответы", "errors": told})
        self.draft = None
        self.filed.append(answers)
        return self._application(len(self.filed))

    async def applications(
        self, who: Acting, *, form: str | None = None, limit: int = 20, cursor: str | None = None
    ) -> Json:
        items = [self._application(n + 1) for n in reversed(range(len(self.filed)))]
        return {"items": items[:limit], "next_cursor": None}

    async def application(self, who: Acting, number: str) -> Json:
        if not number.startswith("2026-") or not 0 < int(number[5:]) <= len(self.filed):
            raise CoreError(404, {"code": "not_found", "detail": "Не нашли"})
        return self._application(int(number[5:]))

    def _files(self, answers: Json) -> list[Json]:
        names = [field.name for field in self.form_.definition.fields if field.kind == "file"]
        return [{"id": one} for name in names for one in answers.get(name, [])]

    def _application(self, place: int) -> Json:
        answers = self.filed[place - 1]
        can = dict.fromkeys(("edit", "withdraw", "restore", "answer", "take", "ask", "withdraw_needs_reason"), False)
        return {
            "number": f"2026-{place:04}", "form": "generated", "status": "submitted", "status_label": "Отправлена",
            "title": self.form_.title(answers), "note": "", "target_date": None, "seen": True, "version": 1,
            "answers": answers, "display": self.form_.display(answers), "decision": None, "period": None,
            "can": can | {"until": None}, "withdrawal_requested_at": None, "files": self._files(answers),
            "question": None, "offer": None, "thread": [],
        }  # fmt: skip
