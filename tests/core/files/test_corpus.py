"""Bad files are refused with a clear code, whichever way they come, and nothing of them is ever ready."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest

from express_bot.core.files import links
from tests.conftest import Api
from tests.core.conftest import Standing
from tests.core.files import corpus, material
from tests.core.files.conftest import begin, digest, put, send
from tests.core.files.corpus import CASES, CLEANED, NAMES, STATUS, Case

_keys = count(1)


def key() -> str:
    return f"corpus-{next(_keys):06}"


@pytest.fixture(scope="module")
def anna(standing: Standing) -> Api:
    return standing.as_("employee")


@pytest.fixture
def nothing_ready(standing: Standing) -> Iterator[None]:
    """No file is ready afterwards that was not before, and the store has not grown."""
    before = ready(standing), len(kept(standing))
    yield
    assert (ready(standing), len(kept(standing))) == before


def ready(standing: Standing) -> int:
    row = standing.db.execute("select count(*) as n from files where state = 'ready'").fetchone()
    return int(row["n"]) if row else 0


def kept(standing: Standing) -> list[Path]:
    """Everything that lies in the store."""
    root = Path(standing.app.extensions["house"].settings.files_url.removeprefix("file://"))
    return [path for path in root.rglob("*") if path.is_file()]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60
    assert len({case.what for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_in_one_go_it_is_refused_by_its_code_and_nothing_stays(
    case: Case, anna: Api, standing: Standing, nothing_ready: None
) -> None:
    answer = put(anna, case.content, case.name, key=key())
    assert answer.json["code"] in case.codes, answer.json
    assert answer.status_code == STATUS[answer.json["code"]]
    assert answer.json["detail"]


#: Both ways end at one judge: of those that arrive in parts, every third is enough.
IN_PARTS = [case for case in CASES if not {corpus.EMPTY, corpus.LARGE} & set(case.codes)][::3]


@pytest.mark.parametrize("case", IN_PARTS, ids=str)
def test_in_parts_it_is_refused_with_the_last_one(case: Case, anna: Api, nothing_ready: None) -> None:
    upload = begin(anna, case.content, name=case.name, key=key()).json
    told: dict[str, Any] = upload
    for offset in range(0, len(case.content), upload["part_size"]):
        answer = send(anna, upload["id"], offset, case.content[offset : offset + upload["part_size"]])
        assert answer.status_code == 200, answer.text
        told = answer.json
    assert told["state"] == "refused"
    assert told["file"]["reason"] in case.codes
    assert anna.get(f"/api/smartapp/files/{upload['id']}").json["code"] == "unknown_file"
    anna.delete(f"/api/smartapp/files/{upload['id']}")


@pytest.mark.parametrize(("what", "name", "make", "smuggled"), CLEANED, ids=[what for what, *_ in CLEANED])
def test_what_was_smuggled_in_a_picture_is_not_kept(
    what: str, name: str, make: Any, smuggled: bytes, anna: Api
) -> None:
    content = make()
    assert smuggled in content
    told = put(anna, content, name, key=key())
    assert told.status_code == 201, told.json
    given = anna.get(f"/api/smartapp/files/{told.json['id']}")
    assert smuggled not in given.data
    assert given.status_code == 200
    assert given.headers["Content-Disposition"].startswith("attachment;")
    anna.delete(f"/api/smartapp/files/{told.json['id']}")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_words_and_nothing_else(name: str, anna: Api, standing: Standing) -> None:
    told = put(anna, material.pdf(), name, key=key())
    if told.status_code != 201:
        assert (told.status_code, told.json["code"]) == (400, "text_not_storable")
        return
    shown = told.json["name"]
    assert shown.endswith(".pdf")
    assert 4 < len(shown) <= 125
    assert not re.search(r'[\x00-\x1f\x7f/\\<>:"|?*\u202e\u200b\ufeff]', shown)
    given = anna.get(f"/api/smartapp/files/{told.json['id']}").headers["Content-Disposition"]
    assert unquote(given.partition("filename*=UTF-8''")[2]) == shown
    assert "\n" not in given
    assert all(re.fullmatch(r"[0-9a-f]{32}", path.name) for path in kept(standing))
    anna.delete(f"/api/smartapp/files/{told.json['id']}")


def test_a_wrong_sum_is_said_and_nothing_is_kept(anna: Api, nothing_ready: None) -> None:
    wrong = put(anna, material.pdf(), key=key(), Content_Digest="sha-256=:" + "A" * 43 + "=:")
    assert (wrong.status_code, wrong.json["code"]) == (422, "file_damaged")
    content = material.pdf()
    upload = begin(anna, content, key=key(), sha256="0" * 64).json
    told = send(anna, upload["id"], 0, content).json
    assert (told["state"], told["file"]["reason"]) == ("refused", "file_damaged")
    anna.delete(f"/api/smartapp/files/{upload['id']}")


@pytest.mark.parametrize(
    "said", ["sha-256=:AAAA:", "md5=:AAAA:", "sha-256=abc", ":", "", "sha-256=:" + "A" * 43 + "!:"]
)
def test_a_sum_that_cannot_be_read_is_no_sum(said: str, anna: Api, nothing_ready: None) -> None:
    answer = put(anna, material.pdf(), key=key(), Content_Digest=said)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_body")


class _Flow:
    """A body in chunks, as the server hands it over: where the line broke off, it just ends."""

    def __init__(self, content: bytes, meanwhile: Callable[[], object] = lambda: None) -> None:
        self._left, self._meanwhile = content, meanwhile

    def read(self, size: int) -> bytes:
        self._meanwhile()
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk

    def close(self) -> None:
        """Asked for by the test client."""


def flow(api: Api, body: _Flow, **headers: str) -> Any:
    told = {"Authorization": f"Bearer {api.token}", "Idempotency-Key": key()}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    environ: Any = {"wsgi.input_terminated": True, "wsgi.input": body}
    return api.app.test_client().post("/api/smartapp/files", headers=told, environ_overrides=environ)


def test_a_body_whose_end_nobody_has_promised_is_not_believed(anna: Api, nothing_ready: None) -> None:
    """Its first half may be a whole document, too; a sum or a length says that nothing is missing."""
    first = material.pdf()
    whole = first + b"\n" + material.pdf(body=b"2 0 obj\n")
    answer = flow(anna, _Flow(first))
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Content-Length")
    answer = flow(anna, _Flow(first), Content_Digest=digest(whole))
    assert (answer.status_code, answer.json["code"]) == (422, "file_damaged")
    taken = flow(anna, _Flow(whole), Content_Digest=digest(whole))
    assert (taken.status_code, taken.json["state"]) == (201, "ready")
    anna.delete(f"/api/smartapp/files/{taken.json['id']}")


def test_a_try_that_an_earlier_one_overtakes_gets_its_answer_or_is_refused(anna: Api, standing: Standing) -> None:
    content, same = material.pdf(), key()
    earlier = []
    late = _Flow(content, lambda: earlier.append(put(anna, content, key=same)))
    answer = flow(anna, late, Content_Digest=digest(content), Idempotency_Key=same)
    assert (answer.status_code, answer.json) == (201, earlier[0].json)
    assert answer.headers["Idempotency-Replayed"] == "true"
    assert len(kept(standing)) == 1
    other, again = material.pdf(body=b"2 0 obj\n"), key()
    late = _Flow(other, lambda: put(anna, content, key=again))
    answer = flow(anna, late, Content_Digest=digest(other), Idempotency_Key=again)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert len(kept(standing)) == 2


class TestStrangers:
    """Ids and links that are nobody's, somebody else's, forged or old."""

    @pytest.fixture(scope="class")
    def file(self, anna: Api) -> Iterator[str]:
        told = put(anna, material.pdf(), key=key()).json["id"]
        yield told
        anna.delete(f"/api/smartapp/files/{told}")

    @pytest.mark.parametrize(("method", "place"), [
        ("GET", ""), ("HEAD", ""), ("DELETE", ""), ("GET", "/info"), ("POST", "/link"),
    ])  # fmt: skip
    def test_a_file_of_somebody_else_does_not_exist(
        self, method: str, place: str, standing: Standing, file: str
    ) -> None:
        boris = standing.as_("matched")
        theirs = boris.call(method, f"/api/smartapp/files/{file}{place}", key=key())
        nobodys = boris.call(method, f"/api/smartapp/files/{'0' * 8}-0000-4000-8000-{'0' * 12}{place}", key=key())
        assert theirs.status_code == nobodys.status_code == 404
        if method != "HEAD":
            assert theirs.json["code"] == nobodys.json["code"] == "unknown_file"
        assert standing.as_("employee").get(f"/api/smartapp/files/{file}").status_code == 200

    @pytest.mark.parametrize("said", ["0", "..", "%2e%2e%2fetc", "a" * 5_000, "' or 1=1 --", "%00", "é", "null"])
    def test_an_id_that_is_none_is_a_clear_no(self, said: str, anna: Api) -> None:
        for path in (
            f"/api/smartapp/files/{said}",
            f"/api/smartapp/uploads/{said}",
            f"/api/smartapp/files/{said}/info",
        ):
            assert 400 <= anna.get(path).status_code < 500

    def test_a_link_opens_the_file_and_no_letter_of_it_may_change(
        self, anna: Api, standing: Standing, file: str
    ) -> None:
        url = anna.post(f"/api/smartapp/files/{file}/link", key=key()).json["url"]
        path = url[url.index("/api/") :]
        nobody = Api(standing.app)
        assert nobody.get(path).data == material.pdf()
        before, token = path.rsplit("/", 1)
        forged = [token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(60)]
        forged += [token[:-1], token + "A", token[::-1], token * 3, "=", "%00", "é", ".", token.upper()]
        answers = [nobody.get(f"{before}/{each}") for each in forged]
        assert {answer.status_code for answer in answers} <= {404, 422}
        assert all(material.pdf() not in answer.data for answer in answers)

    def test_an_old_link_is_said_to_be_old(self, anna: Api, standing: Standing, file: str) -> None:
        row = standing.db.execute("select owner_id from files where id = %s", (file,)).fetchone()
        assert row is not None
        me = row["owner_id"]
        secret = standing.app.extensions["house"].settings.service_key.get_secret_value()
        old = links.make(UUID(file), me, datetime.now(UTC) - timedelta(seconds=1), secret)
        other = links.make(UUID(file), me, datetime.now(UTC) + timedelta(hours=1), "another key of another house")
        nobody = Api(standing.app)
        said = [nobody.get(f"/api/smartapp/files/links/{token}") for token in (old, other)]
        assert [(answer.status_code, answer.json["code"]) for answer in said] == [
            (410, "link_expired"),
            (404, "unknown_file"),
        ]

    @pytest.mark.parametrize("asked", [
        "bytes=5-2", "bytes=-0", "bytes=a-b", "bytes=999999-", "bytes=0-0,2-2", "bytes=" + "0-," * 2_000,
        "lines=1-2", "bytes=-99999999999999999999",
    ])  # fmt: skip
    def test_an_odd_range_never_breaks_anything(self, asked: str, anna: Api, file: str) -> None:
        answer = anna.get(f"/api/smartapp/files/{file}", headers={"Range": asked})
        assert answer.status_code in (200, 206, 416)
        assert answer.status_code == 416 or len(answer.data) <= len(material.pdf())


class TestParts:
    @pytest.mark.parametrize("said", ["-1", "1e3", "", "9" * 30, "0x0", "١", "0 ", "null"])
    def test_a_place_that_is_no_number_is_said(self, said: str, anna: Api) -> None:
        upload = begin(anna, material.pdf(), key=key()).json["id"]
        answer = send(anna, upload, 0, b"x", headers={"Upload-Offset": said})
        assert answer.status_code in (409, 422)
        assert anna.get(f"/api/smartapp/uploads/{upload}").json["offset"] == 0
        anna.delete(f"/api/smartapp/uploads/{upload}")

    @pytest.mark.parametrize("size", [-1, 1 << 41, 1.5, "1", None, True, 20 * corpus.MIB + 1, 0])
    def test_a_size_that_cannot_be_is_refused_at_once(self, size: Any, anna: Api, standing: Standing) -> None:
        answer = begin(anna, b"", size=size, key=key())
        assert answer.status_code in (413, 422)
        assert answer.json["code"] in ("invalid_body", "file_too_large", "file_empty")

    def test_more_than_was_announced_is_not_taken(self, anna: Api) -> None:
        upload = begin(anna, b"%PDF-", key=key()).json["id"]
        answer = send(anna, upload, 0, b"%PDF-1.7 and much more")
        assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
        assert anna.get(f"/api/smartapp/uploads/{upload}").json["offset"] == 0
        anna.delete(f"/api/smartapp/uploads/{upload}")
