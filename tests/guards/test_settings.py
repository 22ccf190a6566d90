"""Settings: production refuses what is careless, secrets never show, and no knob is forgotten anywhere."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from express_bot import settings as module
from express_bot.cli import settings as command
from express_bot.observability.masking import MASK, mask, mask_text, remember_secret
from express_bot.settings import Settings, SettingsError, generated_secret, is_secret, load_settings, refusals

TEXTS = Path(module.__file__).parent / "defaults" / "texts"
GOOD = "pQ7vT2mXk9LwZr4Nc8Jd1Hf6Gs3By5Ae0UiOoPlKjM"
OTHER = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eFhIkLnOqRtU"
BOT_TOKEN = "1234567890:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
#: What was ever printed: in the specification, and in the tests and documents made after it.
PUBLISHED = "a75b4cd97d9e88e543f077178b2d5a4f"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
        monkeypatch.delenv(f"{field.validation_alias}_FILE", raising=False)
    monkeypatch.setenv("EXPRESS_BOT_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(module.os, "geteuid", lambda: 1000)
    monkeypatch.chdir(tmp_path)


def production(**changes: Any) -> Settings:
    """Settings that production accepts, with changes."""
    good = {"mode": "production", "service_key": GOOD, "public_url": "https://bot.example.ru"}
    return Settings(**{**good, **changes})


def reasons(**changes: Any) -> str:
    return " ".join(refusals(production(**changes)))


def test_careful_settings_are_accepted() -> None:
    assert refusals(production(express_secret_key=OTHER)) == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"service_key": ""}, "CORE_SERVICE_KEY"),
        ({"service_key": "short"}, "CORE_SERVICE_KEY"),
        ({"service_key": "a" * 64}, "CORE_SERVICE_KEY"),
        ({"express_secret_key": PUBLISHED}, "опубликовано"),
        ({"express_bot_id": "00c46d64-1127-5a96-812d-3d8b27c58b99"}, "EXPRESS_BOT_ID"),
        ({"express_bot_token": "mock_bot_token"}, "EXPRESS_BOT_TOKEN"),
        ({"express_secret_key": GOOD}, "двух секретах"),
        ({"express_secret_key": OTHER, "express_secret_key_old": OTHER}, "двух секретах"),
        ({"express_secret_key": OTHER, "express_secret_key_old": "short"}, "EXPRESS_SECRET_KEY_OLD"),
        ({"express_secret_key": OTHER, "express_secret_key_old": PUBLISHED}, "опубликовано"),
        ({"public_url": ""}, "https"),
        ({"public_url": "http://bot.example.ru"}, "https"),
        ({"public_url": "https://some-words.trycloudflare.com"}, "туннель"),
        ({"frame_ancestors": "*"}, "FRAME_ANCESTORS"),
        ({"frame_ancestors": "https://a.ru *"}, "FRAME_ANCESTORS"),
        ({"express_botx_url": "http://localhost:8080/api/botx"}, "эмулятор"),
        ({"log_level": "debug"}, "LOG_LEVEL"),
        ({"telegram_bot_token": BOT_TOKEN}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"telegram_bot_token": BOT_TOKEN, "telegram_webhook_secret": "short"}, "TELEGRAM_WEBHOOK_SECRET"),
        ({"telegram_bot_token": BOT_TOKEN, "telegram_webhook_secret": GOOD}, "двух секретах"),
        ({"telegram_api_url": "http://api.telegram.org"}, "TELEGRAM_API_URL"),
        ({"redis_url": "redis://cache.example.ru:6379/0"}, "REDIS_URL"),
    ],
)
def test_production_refuses(changes: dict[str, Any], word: str) -> None:
    told = reasons(**changes)
    assert word in told
    assert GOOD not in told
    assert PUBLISHED not in told


@pytest.mark.parametrize(
    "url", ["redis://:secret@cache.example.ru/0", "rediss://user:secret@cache.example.ru", "redis://127.0.0.1"]
)
def test_production_takes_a_redis_that_not_everybody_may_read(url: str) -> None:
    assert refusals(production(redis_url=url)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"telegram_bot_token": BOT_TOKEN, "telegram_webhook_secret": OTHER},
        {"telegram_bot_token": BOT_TOKEN, "telegram_polling": "on"},
        {"telegram_api_url": "http://bot-api:8081"},
        {"telegram_api_url": "http://10.0.0.7:8081/"},
    ],
)
def test_production_takes_a_careful_telegram(changes: dict[str, Any]) -> None:
    assert refusals(production(**changes)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "my-secret-token"),
        ("TELEGRAM_BOT_TOKEN", f"{BOT_TOKEN} "),
        ("TELEGRAM_WEBHOOK_SECRET", "a+secret/of=base64"),
        ("TELEGRAM_API_URL", "bot-api.example.org"),
        ("TELEGRAM_API_URL", "ftp://api.telegram.org"),
        ("TELEGRAM_POLLING", "maybe"),
        ("TELEGRAM_MINI_APP", "a/b"),
    ],
)
def test_what_telegram_could_not_take_is_named_but_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert name in str(refused.value)
    assert value not in str(refused.value)


def test_the_secret_of_telegrams_calls_is_made_where_a_bot_is_set_and_nowhere_else(tmp_path: Path) -> None:
    assert Settings().telegram_webhook_secret is None
    first, second = (Settings(telegram_bot_token=BOT_TOKEN).telegram_webhook_secret for _ in range(2))
    assert first is not None
    assert first == second
    assert (tmp_path / "var" / "secrets" / "telegram_webhook_secret").exists()


def test_production_refuses_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.os, "geteuid", lambda: 0)
    assert "root" in reasons()


def test_production_refuses_flask_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert "FLASK_DEBUG" in reasons()


def test_production_refuses_a_set_clock_and_an_open_folder(tmp_path: Path) -> None:
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    var_dir.chmod(0o755)
    (var_dir / "demo-clock.json").write_text("0")
    told = reasons(var_dir=var_dir)
    assert "demo-clock.json" in told
    assert "chmod" in told


def test_every_reason_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPRESS_BOT_MODE", "production")
    monkeypatch.setenv("FRAME_ANCESTORS", "*")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert len(refused.value.sentences) == 3


def test_the_demo_never_leaves_this_machine() -> None:
    assert "BIND_HOST" in " ".join(refusals(Settings(bind_host="0.0.0.0")))


def test_a_value_that_does_not_fit_is_named_but_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PORT", "my-secret-port")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert "BOT_PORT" in str(refused.value)
    assert "my-secret-port" not in str(refused.value)


def test_a_secret_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{GOOD}\n")
    monkeypatch.setenv("CORE_SERVICE_KEY_FILE", str(tmp_path / "key"))
    assert load_settings().service_key.get_secret_value() == GOOD


def test_a_file_named_in_dotenv_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(OTHER)
    (tmp_path / ".env").write_text(f"CORE_SERVICE_KEY_FILE={tmp_path / 'key'}\nBOT_PORT=\n")
    assert load_settings().service_key.get_secret_value() == OTHER


def test_an_unreadable_file_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORE_SERVICE_KEY_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="CORE_SERVICE_KEY_FILE"):
        load_settings()


def test_a_generated_secret_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    first = generated_secret(path)
    assert (len(first) >= 43, generated_secret(path)) == (True, first)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_production_never_generates_a_secret(tmp_path: Path) -> None:
    production(service_key="")
    assert not (tmp_path / "var" / "secrets").exists()


def test_secrets_are_shown_nowhere() -> None:
    full = production(database_url=f"postgresql://u:{GOOD}@h/d", express_secret_key=OTHER, express_bot_token=OTHER)
    shown = repr(full) + json.dumps(command.table(full), ensure_ascii=False) + str(full.model_dump())
    assert GOOD not in shown
    assert OTHER not in shown


def test_everything_that_sounds_like_a_secret_is_one() -> None:
    words = ("KEY", "SECRET", "TOKEN", "PASSWORD", "DATABASE_URL")
    sounding = {
        name
        for name, field in Settings.model_fields.items()
        if any(word in str(field.validation_alias) for word in words) and not is_secret(field)
    }
    assert sounding == set()


def test_every_setting_has_a_hint_in_both_languages() -> None:
    hints = {f"hint_{field.validation_alias}" for field in Settings.model_fields.values()}
    for locale in ("ru", "en"):
        texts = yaml.safe_load((TEXTS / f"settings.{locale}.yaml").read_text(encoding="utf-8"))
        assert hints <= set(texts)


def test_every_setting_is_documented_and_no_example_has_a_value() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    lines = [line for line in example.splitlines() if line and not line.startswith("#")]
    assert set(lines) == {f"{field.validation_alias}=" for field in Settings.model_fields.values()}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Authorization: Bearer abc.def-ghi", "Bearer"),
        ("token eyJhbGciOi.eyJzdWIi.c2ln ends", "ends"),
        (f"POST https://api.telegram.org/bot{BOT_TOKEN}/getMe failed", "/getMe failed"),
        ("postgresql://app:hunter2@db/express", "postgresql://app:"),
        ("password='hunter2' host=db", "host=db"),
        ("Key (personnel_number)=(100234) already exists.", "already exists."),
        ("Failing row contains (1, Воронцова, null).", "Failing row contains"),
        ("write to anna@example.ru today", "today"),
        ("call +7 903 123-45-67 now", "now"),
        ("filed by Воронцова Анна Сергеевна", "filed by"),
        ("таб. 100234", "таб."),
        ("Input should be valid [type=x, input_value='Воронцова', input_type=str]", "input_type=str"),
    ],
)
def test_logs_hide_people_and_secrets(text: str, kept: str) -> None:
    masked = mask_text(text)
    assert MASK in masked
    assert kept in masked
    for secret in ("hunter2", "100234", "Воронцова", "anna@", "903", "eyJhbGciOi", "abc.def", BOT_TOKEN[12:]):
        assert secret not in masked


def test_logs_hide_facts_by_their_name_whatever_they_hold() -> None:
    assert mask("answers", {"wishes": "x"}) == MASK
    assert mask("access_token", "x") == MASK
    assert mask("details", {"full_name": "Воронцова", "code": "period_closed"}) == {
        "full_name": MASK,
        "code": "period_closed",
    }


def test_logs_hide_a_known_secret_wherever_it_turns_up() -> None:
    remember_secret(GOOD)
    assert GOOD not in mask_text(f"went wrong near {GOOD}!")


def test_logs_keep_what_helps() -> None:
    for harmless in ("2027-0012", "/api/smartapp/submit", "EB-1a2b3c", "12:34:56.123456", "period_closed"):
        assert mask_text(harmless) == harmless
