"""The corpus of forged proofs: every claim in every odd type, times, parties, headers, signatures, schemes."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt

from tests.channels.express.tokens import (
    BOT,
    HEADER,
    HOST,
    LIFETIME,
    OTHER_BOT,
    SECRET,
    bearer,
    claims,
    encoded,
    proof,
    token,
)


@dataclass(frozen=True)
class Forgery:
    """What a stranger sends, and why it proves nothing."""

    name: str
    headers: tuple[bytes, ...]


def forgeries() -> list[Forgery]:
    """The corpus made by hand: every claim in every odd type, times, parties, headers, signatures, schemes."""
    return [*_odd_claims(), *_wrong_times(), *_wrong_parties(), *_odd_headers(), *_odd_signatures(), *_odd_envelopes()]


def _both(name: str, **other: Any) -> list[Forgery]:
    return [Forgery(f"v{version} {name}", (proof(version, **other),)) for version in (1, 2)]


#: What no required claim may be.
ODD: tuple[Any, ...] = (
    *(None, True, False, "", " ", "x", "5", -1, 0, 1.5, 10**18, [], [[]], {}, {"a": 1}),
    *([None], [BOT, BOT], [HOST, BOT], [[BOT]], {BOT: HOST}, BOT.upper(), f"{{{BOT}}}", f"urn:uuid:{BOT}", "\u0000"),
)


def _odd_claims() -> list[Forgery]:
    found = []
    for claim in ("iss", "aud", "iat", "exp"):
        found += _both(f"without {claim}", **{claim: ...})
        for odd in ODD:
            found += _both(f"{claim}={odd!r}", **{claim: odd})
    for odd in (None, True, "2", 2.0, 1, 3, 0, -2, [2], {"version": 2}):
        found.append(Forgery(f"version={odd!r}", (proof(2, version=odd),)))
    found += [Forgery(f"v1 with version={odd!r}", (proof(1, version=odd),)) for odd in (1, 2, None, "1")]
    for odd in (None, "1", True, 1.5, [1], {}, 10**12):
        found += _both(f"nbf={odd!r}", nbf=odd)
    for odd in (None, 5, [], {}, True):
        found += _both(f"jti={odd!r}", jti=odd)
    return found


def _wrong_times() -> list[Forgery]:
    now = int(time.time())
    times = {
        "ended": {"iat": now - 100, "exp": now - 6},
        "made long ago, ends later": {"iat": now - LIFETIME - 6, "exp": now + 10},
        "made in the future": {"iat": now + 60, "exp": now + 90, "nbf": now + 60},
        "made just too far in the future": {"iat": now + 30, "exp": now + 90},
        "not yet valid": {"nbf": now + 60},
        "lives a second too long": {"exp": now + LIFETIME + 1},
        "lives an hour": {"exp": now + 3600},
        "never ends": {"exp": 10**30},
        "from 1970": {"iat": 0, "exp": now + 60},
        "from 1970, short": {"iat": 0, "exp": 60},
        "from before 1970": {"iat": -now, "exp": now + 60},
        "ends before it begins": {"iat": now, "exp": now - 1},
        "ends when it begins": {"iat": now, "exp": now},
        "in milliseconds": {"iat": now * 1000, "exp": now * 1000 + 60_000, "nbf": now * 1000},
        "in text": {"iat": str(now), "exp": str(now + 60)},
        "in fractions": {"iat": now + 0.5, "exp": now + 60.5},
        "whole as fractions": {"iat": float(now), "exp": float(now + 60)},
    }
    return [forgery for name, odd in times.items() for forgery in _both(name, **odd)]


def _wrong_parties() -> list[Forgery]:
    v1: dict[str, dict[str, Any]] = {
        "foreign server": {"iss": "evil.example"},
        "server with a port": {"iss": f"{HOST}:443"},
        "server with a scheme": {"iss": f"https://{HOST}"},
        "server with a dot": {"iss": f"{HOST}."},
        "server in capitals": {"iss": HOST.upper()},
        "part of the server": {"iss": HOST[:-1]},
        "servers in a list": {"iss": [HOST]},
        "for another bot": {"aud": [OTHER_BOT]},
        "for two bots": {"aud": [BOT, OTHER_BOT]},
        "for nobody": {"aud": []},
        "for a number": {"aud": [5]},
        "bot not in a list": {"aud": BOT},
        "bot without dashes": {"aud": [UUID(BOT).hex]},
        "the other way round": {"iss": BOT, "aud": [HOST]},
    }
    v2: dict[str, dict[str, Any]] = {
        "another bot": {"iss": OTHER_BOT},
        "bots in a list": {"iss": [BOT]},
        "bot without dashes": {"iss": UUID(BOT).hex},
        "server as issuer": {"iss": HOST},
        "foreign audience": {"aud": "evil.example"},
        "audience in a list": {"aud": [HOST]},
        "audience with a port": {"aud": f"{HOST}:443"},
        "audience in capitals": {"aud": HOST.upper()},
        "longer audience": {"aud": f"{HOST}.evil.example"},
        "the bot as audience": {"aud": BOT},
    }
    first = [Forgery(f"v1 {name}", (proof(1, **odd),)) for name, odd in v1.items()]
    return first + [Forgery(f"v2 {name}", (proof(2, **odd),)) for name, odd in v2.items()]


def _odd_headers() -> list[Forgery]:
    headers: dict[str, Any] = {
        **{
            f"alg={alg!r}": HEADER | {"alg": alg}
            for alg in ("none", "None", "", "HS384", "hs256", "RS256", None, 5, [])
        },
        "no alg": {"typ": "JWT"},
        **{f"typ={typ!r}": HEADER | {"typ": typ} for typ in ("at+jwt", "JWE", "jwt ", None, 5, ["JWT"])},
        **{f"crit={crit!r}": HEADER | {"crit": crit} for crit in (["exp"], ["b64"], ["unknown"], [], "exp", None)},
        "detached payload": HEADER | {"b64": False, "crit": ["b64"]},
        "detached payload, not critical": HEADER | {"b64": False},
        "key id that is no text": HEADER | {"kid": 5},
        "header is a list": [],
        "header is text": "HS256",
        "header is null": b"null",
        "header is empty": b"",
        "header is no JSON": b"{alg:HS256}",
        "header is no UTF-8": b'{"alg":"HS256","typ":"\xff"}',
        "header is deep": b"[" * 1500 + b"]" * 1500,
    }
    return [Forgery(f"header: {name}", (bearer(token(claims(), header=head)),)) for name, head in headers.items()]


def _odd_signatures() -> list[Forgery]:
    honest = token(claims())
    head, body, signature = honest.split(b".")
    flipped = bytes([signature[5] ^ 1]) if signature[5:6].isalnum() else b"A"
    made = {
        "another key": token(claims(), key=SECRET[::-1]),
        "empty key": token(claims(), key=""),
        "the bot's id as key": token(claims(), key=BOT),
        "key with a line break": token(claims(), key=SECRET + "\n"),
        "sha512 under HS256": token(claims(), algorithm="sha512"),
        "sha384 under HS256": token(claims(), algorithm="sha384"),
        "no signature": head + b"." + body + b".",
        "no signature and no dot": head + b"." + body,
        "signature of another token": head + b"." + body + b"." + token(claims(jti="other")).split(b".")[2],
        "signature turned round": head + b"." + body + b"." + signature[::-1],
        "signature cut": honest[:-2],
        "signature with a tail": honest + b"AAAA",
        "signature with spare bits": honest[:-1] + _next_of(honest[-1:]),
        "signature changed": head + b"." + body + b"." + signature[:5] + flipped + signature[6:],
        "unsigned": encoded(json.dumps({"alg": "none"}).encode()) + b"." + body + b".",
        "unsigned by PyJWT": jwt.encode(claims(), "", "none").encode(),
        "HS512 by PyJWT": jwt.encode(claims(), SECRET * 2, "HS512").encode(),
        "keyed by a hash of the key": token(claims(), key=hashlib.sha256(SECRET.encode()).hexdigest()),
    }
    return [Forgery(f"signature: {name}", (bearer(signed),)) for name, signed in made.items()]


def _next_of(sign: bytes) -> bytes:
    """Another writing of the same last bits."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = alphabet.index(sign)
    return alphabet[place ^ 1 : (place ^ 1) + 1]


def _odd_envelopes() -> list[Forgery]:
    honest = token(claims())
    payloads: dict[str, Any] = {
        "payload is null": b"null",
        "payload is a list": [claims()],
        "payload is text": "claims",
        "payload is a number": 5,
        "payload is empty": b"",
        "payload is no JSON": b"{iss:",
        "payload is no UTF-8": b'{"iss":"\xff\xfe"}',
        "payload is deep": b"[" * 1400 + b"]" * 1400,
        "payload with NaN": b'{"iat":NaN,"exp":Infinity,"iss":"x","aud":"y"}',
    }
    headers: dict[str, tuple[bytes, ...]] = {
        "nothing": (),
        "empty": (b"",),
        "blanks": (b"     ",),
        "the scheme alone": (b"Bearer",),
        "the scheme and a blank": (b"Bearer ",),
        "no scheme": (honest,),
        "a blank before": (b" Bearer " + honest,),
        "two blanks": (b"Bearer  " + honest,),
        "a tab": (b"Bearer\t" + honest,),
        "a blank after": (b"Bearer " + honest + b" ",),
        "a word after": (b"Bearer " + honest + b" extra",),
        "a word before": (b"Bearer x " + honest,),
        "quoted": (b'Bearer "' + honest + b'"',),
        "a comma": (b"Bearer " + honest + b"," + honest,),
        "twice": (b"Bearer " + honest, b"Bearer " + honest),
        "a stranger's first": (b"Bearer x.y.z", b"Bearer " + honest),
        "padded": (b"Bearer " + honest + b"=",),
        "standard base64": (b"Bearer " + honest.replace(b"-", b"+").replace(b"_", b"/") + b"+/",),
        "one part": (b"Bearer abc",),
        "four parts": (b"Bearer " + honest + b"." + honest.split(b".")[2],),
        "five parts": (b"Bearer a.b.c.d.e",),
        "dots": (b"Bearer ..",),
        "many dots": (b"Bearer " + b"." * 3000,),
        "bytes above ASCII": (b"Bearer \xd0\x94.\xd0\x94.\xd0\x94",),
        "a megabyte": (b"Bearer " + b"a" * (1 << 20) + b".b.c",),
        "longer than any honest one": (b"Bearer " + token(claims(padding="x" * 4000)),),
        **{f"scheme {scheme!r}": (scheme + b" " + honest,) for scheme in _SCHEMES},
    }
    found = [Forgery(name, (bearer(token(payload)),)) for name, payload in payloads.items()]
    return found + [Forgery(name, values) for name, values in headers.items()]


_SCHEMES = (
    b"bearer",
    b"BEARER",
    b"Basic",
    b"Token",
    b"JWT",
    b"Digest",
    b"Bearer:",
    b"Bearer=",
    b"bEARER",
    b"\xc2\xa0Bearer",
)
