"""The built app as browsers get it: the right bytes, kept as long as they are true, and nothing else from the disk."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from tests.gateway.conftest import INDEX, SCRIPT

ASSET = "/assets/main-4f3c2b1a.js"


def config_of(page: bytes) -> dict:
    return json.loads(re.search(rb'id="config">([^<]*)</script>', page)[1])


class TestPage:
    def test_the_page_carries_what_it_may_know_before_it_asks(self, gateway):
        said = gateway.get("/")
        config = config_of(said.body)
        assert said.headers["Content-Type"] == "text/html; charset=utf-8"
        assert config == {
            "mode": "test",
            "providers": ["demo", "local"],
            "organisation": "Авиа </script><b>",
            "contact": "",
            "locales": ["ru", "en"],
            "version": config["version"],
            "frame_ancestors": [],
            "express_bot_id": None,
            "telegram": None,
        }
        assert said.body.count(b"</script>") == INDEX.count(b"</script>")
        assert "s3cret" not in str(config)

    def test_the_page_is_asked_for_again_each_time_and_sent_only_when_it_changed(self, gateway):
        first = gateway.get("/")
        second = gateway.get("/", If_None_Match=first.headers["ETag"])
        assert first.headers["Cache-Control"] == "no-cache"
        assert (second.status, second.body, second.headers["ETag"]) == (304, b"", first.headers["ETag"])

    def test_a_rebuilt_page_is_served_without_a_restart(self, gateway, stage):
        index = stage[0] / "spa" / "index.html"
        before = gateway.get("/")
        try:
            index.write_bytes(INDEX + b"<!-- new -->")
            after = gateway.get("/", If_None_Match=before.headers["ETag"])
        finally:
            index.write_bytes(INDEX)
        assert (after.status, after.body.endswith(b"<!-- new -->")) == (200, True)

    def test_without_a_build_the_page_says_so_in_both_languages(self, gateway, stage):
        spa, aside = stage[0] / "spa", stage[0] / "aside"
        spa.rename(aside)
        try:
            said, health = gateway.get("/"), gateway.get("/health").json
        finally:
            aside.rename(spa)
        assert (said.status, said.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert "Приложение ещё не собрано" in said.body.decode()
        assert "The app is not built yet" in said.body.decode()
        assert health["components"]["spa"] == "missing"
        assert gateway.get("/").status == 200

    def test_the_policy_allows_only_the_apps_own_files(self, gateway):
        headers = gateway.get("/").headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers

    def test_configured_hosts_may_frame_it_and_https_is_remembered(self, own_gateway):
        ancestors = "https://corp.example https://web.example"
        with own_gateway(FRAME_ANCESTORS=ancestors, PUBLIC_URL="https://bot.example") as gateway:
            whole, data = gateway.get("/"), gateway.get("/health").headers
        page = whole.headers
        assert f"frame-ancestors {ancestors}" in page["Content-Security-Policy"]
        assert "X-Frame-Options" not in page
        assert data["X-Frame-Options"] == "DENY"
        assert page["Strict-Transport-Security"].startswith("max-age=31536000")
        assert config_of(whole.body)["frame_ancestors"] == ancestors.split()

    def test_telegrams_own_page_may_frame_it_where_our_bot_is_there(self, own_gateway):
        bot = {"TELEGRAM_BOT_TOKEN": f"123456:{'t' * 35}", "TELEGRAM_API_URL": "http://127.0.0.1:9"}
        with own_gateway(FRAME_ANCESTORS="https://corp.example", **bot) as gateway:
            whole = gateway.get("/")
        assert (
            "frame-ancestors https://corp.example https://web.telegram.org" in whole.headers["Content-Security-Policy"]
        )
        config = config_of(whole.body)
        assert config["frame_ancestors"] == ["https://corp.example", "https://web.telegram.org"]
        assert config["telegram"] == {"chat": None, "app": None}, "until Telegram has told the bot's name"
        assert bot["TELEGRAM_BOT_TOKEN"] not in whole.body.decode()


class TestAssets:
    @pytest.mark.parametrize(
        ("accepted", "coding", "content"),
        [
            ("gzip, deflate, br", "br", b"br:" + SCRIPT[:20]),
            ("gzip;q=1.0, br;q=0", "gzip", b"gz:" + SCRIPT[:20]),
            ("identity", None, SCRIPT),
            ("GZIP", "gzip", b"gz:" + SCRIPT[:20]),
        ],
    )
    def test_the_best_coding_the_browser_takes_is_sent_as_the_build_made_it(self, gateway, accepted, coding, content):
        said = gateway.get(ASSET, Accept_Encoding=accepted)
        assert (said.headers["Content-Encoding"], said.body) == (coding, content)
        assert said.headers["Vary"] == "Accept-Encoding"
        assert said.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert said.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_codings_of_one_file_are_told_apart_by_their_tags(self, gateway):
        tags = {gateway.get(ASSET, Accept_Encoding=coding).headers["ETag"] for coding in ("br", "gzip", "identity")}
        assert len(tags) == 3

    def test_the_page_is_compressed_too(self, gateway):
        said = gateway.get("/", Accept_Encoding="gzip")
        assert gzip.decompress(said.body) == gateway.get("/").body

    def test_head_tells_the_length_and_sends_nothing(self, gateway):
        said = gateway.call("HEAD", ASSET)
        assert (said.status, said.headers["Content-Length"], said.body) == (200, str(len(SCRIPT)), b"")

    def test_names_without_a_hash_are_not_kept_for_ever(self, gateway):
        said = gateway.get("/manifest.webmanifest")
        assert (said.headers["Content-Type"], said.headers["Cache-Control"]) == (
            "application/manifest+json",
            "no-cache",
        )

    def test_there_is_always_an_icon(self, gateway):
        said = gateway.get("/favicon.ico")
        assert (said.status, said.headers["Content-Type"]) == (200, "image/svg+xml")

    @pytest.mark.parametrize(
        "path",
        [
            "/assets/old-00000000.js",
            "/assets/../../outside.txt",
            "/assets/%2e%2e/%2e%2e/outside.txt",
            "/..%2foutside.txt",
            "/assets/main-4f3c2b1a.js.br",
            "/index.html/..",
            "/assets/",
            "/desk",
        ],
    )
    def test_only_files_of_the_build_are_there(self, gateway, path):
        said = gateway.get(path)
        assert (said.status, said.json["code"], said.headers["Cache-Control"]) == (404, "not_found", "no-store")
        assert b"not for you" not in said.body
