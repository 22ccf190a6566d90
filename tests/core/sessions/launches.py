"""Launch data of Telegram's Mini Apps, signed as its documentation says; and every odd thing that may come instead."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

TOKEN = "7654321:AAExampleExampleExampleExampleExample"  # invented: no bot has it
OTHER_TOKEN = "7654322:AAOtherOtherOtherOtherOtherOtherOther"
ANNA = {"id": 5550001, "first_name": "Анна", "last_name": "Воронцова", "language_code": "ru", "is_premium": True}


def signed(
    at: datetime, *, token: str = TOKEN, user: Any = ANNA, without: tuple[str, ...] = (), raw: bool = False, **more: str
) -> str:
    """What Telegram would send for this person at this moment; ``raw``: the fields are not percent-encoded."""
    told = user if isinstance(user, str) else json.dumps(user, ensure_ascii=False, separators=(",", ":"))
    fields = {
        "query_id": "AAF0001",
        "user": told,
        "auth_date": str(int(at.timestamp())),
        "signature": "c2lnbmVk-_",
        **more,
    }
    for name in without:
        fields.pop(name)
    return encoded(fields | {"hash": hash_of(fields, token)}, raw=raw)


def hash_of(fields: dict[str, str], token: str = TOKEN) -> str:
    """The hash that proves these fields."""
    lines = "\n".join(sorted(f"{key}={value}" for key, value in fields.items()))
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return hmac.new(key, lines.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def encoded(fields: dict[str, str], *, raw: bool = False) -> str:
    return "&".join(
        f"{key}={value if raw else quote(value, safe='', errors='surrogatepass')}" for key, value in fields.items()
    )


def odd(at: datetime) -> Iterator[tuple[str, str]]:
    """Launch data that proves nobody, by name: more than three hundred of them."""
    yield from _empty_and_broken(at)
    yield from _changed(at)
    yield from _old_and_early(at)
    yield from _signed_but_wrong(at)


def _empty_and_broken(at: datetime) -> Iterator[tuple[str, str]]:
    good = signed(at)
    for number, text in enumerate(
        [
            "",
            " ",
            "&",
            "=",
            "hash",
            "hash=",
            "hash=0",
            "null",
            "{}",
            "[]",
            "user",
            "user=",
            "a=b",
            "&&&",
            "===",
            "%",
            "%00",
        ]
    ):
        yield f"nonsense {number}", text
    for cut in range(0, len(good), 7):
        yield f"cut at {cut}", good[:cut]
    for cut in range(1, len(good), 11):
        yield f"without its first {cut} signs", good[cut:]
    for sign in (" ", "\t", "\n", "\r\n", "é", "я", "\u202e", "😀", "#", "?"):
        yield f"begins with {sign!r}", sign + good
        yield f"ends with {sign!r}", good + sign
    for broken in ("%", "%4", "%zz", "%u0041", "%%"):
        yield f"broken escape {broken}", good.replace("query_id=", f"query_id={broken}")
    yield "too long", signed(at, start_param="a" * 4096)
    yield "far too long", good + "&a=" + "b" * 12_000
    yield "too many fields", signed(at, **{f"f{number}": "1" for number in range(40)})


def _changed(at: datetime) -> Iterator[tuple[str, str]]:
    good = signed(at)
    proof = good.rsplit("hash=", 1)[1]
    for place in range(0, 64, 3):
        other = "0" if proof[place] != "0" else "1"
        yield f"hash changed at {place}", good.replace(proof, proof[:place] + other + proof[place + 1 :])
    for name, wrong in {
        "upper case": proof.upper(), "short": proof[:-1], "long": proof + "0", "spaces": f"%20{proof}", "none": "",
        "not hex": "g" * 64, "non-ASCII": quote("я" * 64), "zeros": "0" * 64, "newline": f"{proof}%0a",
        "0x": f"0x{proof}",
    }.items():  # fmt: skip
        yield f"hash {name}", good.replace(proof, wrong)
    yield "hash twice", f"{good}&hash={proof}"
    yield "hash in an array", good.replace("hash=", "hash[]=")
    yield "hash elsewhere", good.replace("hash=", "HASH=")
    yield "other bot's token", signed(at, token=OTHER_TOKEN)
    yield "no token", signed(at, token="")
    for name in ("query_id", "user", "auth_date", "signature"):
        fields = dict(pair.split("=", 1) for pair in good.split("&"))
        value = fields.pop(name)
        pairs = "&".join(f"{key}={words}" for key, words in fields.items())
        yield f"{name} taken away", pairs
        yield f"{name} emptied", f"{name}=&{pairs}"
        yield f"{name} said twice", f"{good}&{name}={value}"
        yield f"{name} said twice, otherwise", f"{good}&{name}=1"
        yield f"{name} with another letter", f"{name.upper()}={value}&{pairs}"
        yield f"{name} with a blank", f"{name}={value}%20&{pairs}"
    for key in ("extra", "start_param", "chat_type", "is_admin", "__proto__", "a b", "", "я", "user[]", "user.id"):
        yield f"{key!r} added", f"{good}&{key}=1"
    for other in (5550002, 1, 777):
        yield f"as {other}", good.replace("5550001", str(other))
    # one field that spells the lines of all the others: the same bytes are signed, another thing is said
    fields = {"query_id": "AAF0001", "user": json.dumps(ANNA), "auth_date": str(int(at.timestamp()))}
    joined = {"auth_date": f"{fields['auth_date']}\nquery_id=AAF0001\nuser={fields['user']}"}
    yield "lines in a value", encoded(joined | {"hash": hash_of(fields)})
    yield "lines in a key", encoded({"auth_date=1\nuser": "1"} | {"hash": hash_of(fields)})


def _old_and_early(at: datetime) -> Iterator[tuple[str, str]]:
    for seconds in (3601, 3700, 7200, 86_400, 10**7, 10**9):
        yield f"{seconds} s old", signed(at - timedelta(seconds=seconds))
    for seconds in (600, 3600, 86_400, 10**8):
        yield f"{seconds} s early", signed(at + timedelta(seconds=seconds))
    for number, told in enumerate(
        ["", "0", "1", "-1", "+1", "1e9", "1.5", "NaN", "inf", "0x10", "٣", "yesterday", "1" * 13, "1" * 400, " 1",
         "1 ", "1_000", "null", "true", "2026-11-24T07:00:00Z"]
    ):  # fmt: skip
        yield f"moment {number}", signed(at, auth_date=told)
    now = str(int(at.timestamp()))
    for number, told in enumerate([f"0{now}", f" {now}", f"{now} ", f"+{now}", f"{now}.0", f"{now}\n", f"{now}000"]):
        yield f"moment like now {number}", signed(at, auth_date=told)


def _signed_but_wrong(at: datetime) -> Iterator[tuple[str, str]]:
    """Signed with the right token, and still nobody: Telegram would never send it."""
    for name in ("user", "auth_date"):
        yield f"signed without {name}", signed(at, without=(name,))
    people: list[Any] = [
        "", "null", "true", "1", '"Anna"', "[]", "{}", "{", "}", "{'id':1}", '{"id":}', '{"id":1', "[" * 1500,
        '{"a":' * 700,
        "NaN", '{"id":NaN}', '{"id":Infinity}', '{"id":1e400}', '{"id":5550001,}', "undefined", "\ufeff{}", "5550001",
        [ANNA], {"ID": 5550001}, {"first_name": "Анна"},
    ]  # fmt: skip
    people += [
        ANNA | {"id": number}
        for number in (
            None,
            "",
            "5550001",
            True,
            False,
            0,
            -1,
            -5550001,
            1.5,
            5550001.0,
            2**52,
            2**53,
            2**64,
            10**30,
            [],
            {},
            [1],
        )
    ]
    people += [ANNA | {"is_bot": said} for said in (True, 1, "true", "false", None, [], 0)]
    for number, person in enumerate(people):
        yield f"person {number}", signed(at, user=person)
    for number, name in enumerate(("\ud800", "\udfff")):
        yield f"half a sign {number}", signed(at, user=f'{{"id":5550001,"first_name":"{name}"}}')
    for escape in ('"\\ud800"', '"\\udc00x"'):
        yield f"half a sign {escape}", signed(at, user=f'{{"id":5550001,"first_name":{escape}}}')
    for number, sign in enumerate(map(chr, (0, 1, 9, 10, 13, 27, 127, 133))):
        yield f"control sign {number} in a value", signed(at, start_param=f"a{sign}b")
        yield f"control sign {number} in the person", signed(at, user=f'{{"id":5550001,{sign}"first_name":"A"}}')
    for number, bad in enumerate(("%ff", "%c3", "%c0%af", "%ed%a0%80", "%f8%88%80%80%80")):
        yield f"bad UTF-8 {number}", signed(at, raw=True, user="%7B%22id%22%3A5550001%7D", start_param=bad)
    for number, key in enumerate(("Query", "1x", "a-b", "a.b", "a b", "x" * 41)):
        yield f"key {number}", signed(at, **{key: "1"})
