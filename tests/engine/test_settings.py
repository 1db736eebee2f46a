"""Settings come from environment and file, and what is wrong with them is said in one message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import settings_docs
from engine.errors import SettingsError
from engine.settings import Settings, load_settings, settings_table

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _empty_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("UPHOLD_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_the_embedded_defaults_hold() -> None:
    settings = load_settings()
    assert settings.task_queue == "complaints"
    assert settings.ledger_url == "sqlite:///var/ledger.sqlite3"
    assert settings.channel == "maildir"


def test_the_file_in_the_working_directory_is_read() -> None:
    Path("uphold.toml").write_text('task_queue = "from-the-file"\nhealth_port = 0\n')
    assert load_settings().task_queue == "from-the-file"
    assert load_settings().health_port == 0


def test_the_file_that_the_environment_names_is_read_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("uphold.toml").write_text('task_queue = "not-this-one"\n')
    other = tmp_path / "other.toml"
    other.write_text('task_queue = "this-one"\n')
    monkeypatch.setenv("UPHOLD_CONFIG", str(other))
    assert load_settings().task_queue == "this-one"


def test_the_environment_wins_over_the_file_and_arguments_over_both(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("uphold.toml").write_text('task_queue = "file"\nsender_name = "file"\n')
    monkeypatch.setenv("UPHOLD_TASK_QUEUE", "environment")
    assert load_settings().task_queue == "environment"
    assert load_settings().sender_name == "file"
    assert load_settings(task_queue="argument").task_queue == "argument"


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPHOLD_HEALTH_PORT", "")
    assert load_settings().health_port == 8089


def test_a_file_that_is_named_and_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPHOLD_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml.*no such file"):
        load_settings()


def test_a_file_that_is_no_toml_is_an_error_that_says_where() -> None:
    Path("uphold.toml").write_text("task_queue = \n")
    with pytest.raises(SettingsError, match=r"uphold\.toml is not valid TOML.*line 1"):
        load_settings()


def test_a_file_that_is_no_text_is_an_error_that_names_it() -> None:
    Path("uphold.toml").write_bytes(b'task_queue = "\xff"\n')
    with pytest.raises(SettingsError, match=r"uphold\.toml is not valid TOML.*utf-8"):
        load_settings()


def test_a_misspelt_key_in_the_file_is_named_with_the_nearest_and_all_allowed() -> None:
    Path("uphold.toml").write_text('ledger_ulr = "sqlite:///x"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert "ledger_ulr: no such setting. Did you mean ledger_url?" in message
    assert "smtp_host" in message


def test_a_misspelt_variable_is_named_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPHOLD_HEALTH_PROT", "1")
    with pytest.raises(SettingsError, match=r"UPHOLD_HEALTH_PROT.*Did you mean UPHOLD_HEALTH_PORT"):
        load_settings()


def test_every_fault_is_told_at_once_with_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UPHOLD_HEALTH_PORT", "99999")
    monkeypatch.setenv("UPHOLD_CHANNEL", "pigeon")
    monkeypatch.setenv("UPHOLD_SMTP_TIMEOUT_SECONDS", "soon")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert "health_port = '99999'" in message
    assert "≤ 65535" in message
    assert "channel = 'pigeon'" in message
    assert "`maildir`, `smtp`" in message
    assert "smtp_timeout_seconds = 'soon'" in message


def test_a_secret_is_shown_neither_in_errors_nor_in_what_is_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("UPHOLD_SMTP_USERNAME", "post")
    monkeypatch.setenv("UPHOLD_SMTP_PASSWORD", "hush-hush")
    monkeypatch.setenv("UPHOLD_LEDGER_URL", "postgresql+asyncpg://u:hush-hush@h/d")
    assert "hush-hush" not in repr(load_settings())
    monkeypatch.delenv("UPHOLD_SMTP_USERNAME")
    with pytest.raises(SettingsError, match="smtp_username and smtp_password") as caught:
        load_settings()
    assert "hush-hush" not in str(caught.value)
    monkeypatch.setenv("UPHOLD_BOUNCE_SECRET", "hush-hush")  # too short
    with pytest.raises(SettingsError, match=r"bounce_secret = \(hidden\)") as caught:
        load_settings()
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"sender_address": "a@b.example"}, "smtp_host"),
        ({"smtp_host": "mail.example"}, "sender_address"),
        (
            {"smtp_host": "m.example", "sender_address": "a@b.example", "smtp_username": "u"},
            "smtp_password",
        ),
    ],
)
def test_a_mail_server_that_is_half_described_is_refused(
    given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError, match=missing):
        load_settings(channel="smtp", **given)


def test_every_setting_says_what_it_is_for_and_what_is_allowed() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} has no description"
        assert field.description.endswith("."), f"{name}'s description is no sentence"
        assert settings_docs.allowed(field), name


def test_the_settings_page_holds_exactly_the_table_of_all_settings() -> None:
    assert settings_table() in PAGE.read_text(), (
        "docs/settings.md is stale: put the output of `uphold settings --markdown` into it"
    )
