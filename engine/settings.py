"""Owns every setting of Uphold: its name, type, default and meaning. Must not import `temporalio`.

How to reach the Temporal server is not set here: that is the SDK's own environment configuration
(`TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, profiles), read in `connect`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from engine import settings_docs
from engine.errors import SettingsError, is_text
from identity.settings import IdentitySettings
from keyservice.settings import KeyServiceSettings
from letters.channels.settings import SECRETS, ChannelSettings
from mail.settings import SECRETS as MAIL_SECRETS
from mail.settings import MailSettings
from sealing.beside import LEDGER, RING
from sealing.beside import of_settings as ring_of_settings
from telemetry.settings import TelemetrySettings

PREFIX = "UPHOLD_"
FILE_VARIABLE = "UPHOLD_CONFIG"
DEFAULT_FILE = Path("uphold.toml")
_HIDDEN = SECRETS | MAIL_SECRETS | {"ledger_url"}
_FREE_PREFIX = "UPHOLD_TEST_"
"""Variables of this prefix belong to the test suite and are nobody's misspelling."""


def settings_file() -> Path:
    """The file that settings are read from: named by UPHOLD_CONFIG, else ./uphold.toml."""
    return Path(os.environ.get(FILE_VARIABLE) or DEFAULT_FILE)


class Settings(
    IdentitySettings, KeyServiceSettings, TelemetrySettings, ChannelSettings, MailSettings
):
    """Every setting, from the environment (first) and the settings file (second)."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True
    )

    task_queue: str = Field(
        "complaints",
        min_length=1,
        description="Task queue that workers serve and complaints are started on.",
    )
    ledger_url: str = Field(
        LEDGER,
        min_length=1,
        description="Database of the ledger. Its password is kept out of logs and errors.",
        examples=[
            "sqlite:///FOLDER/FILE",
            "postgresql://USER:PASSWORD@HOST/DATABASE",
            "memory://",
        ],
        repr=False,
    )
    seal_key_file: Path | None = Field(
        None,
        description="File with the private key that the ledger is sealed with; its public keys are beside it,"
        " in a file with `.pub` behind its name. `uphold ledger seal --new-key` makes both.",
    )
    key_ring: Path | None = Field(
        default_factory=ring_of_settings,
        description="File of the keys under which whatever is personal is sealed, in Temporal's histories and in"
        f" the ledger; `uphold setup --new-ring` makes it. Unset, it is `{RING}` beside a ledger in a file."
        " Without one nothing is sealed.",
    )
    charters_dir: Path | None = Field(
        None, description="Folder of further charters, besides those that are shipped."
    )
    letters_dir: Path | None = Field(
        None,
        description="Folder of an organisation's own templates and words of letters, which go before"
        " the shipped ones. Checked when a worker starts.",
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="Form of log lines; `auto` is `console` on a terminal, else `json`."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severity that is logged."
    )
    health_host: str = Field("127.0.0.1", description="Address that the health page listens on.")
    health_port: int = Field(
        8089,
        ge=0,
        le=65535,
        description="Port of the health page; `0` takes any free one and logs which.",
    )
    connect_timeout_seconds: float = Field(
        30.0,
        ge=0,
        le=3600,
        description="How long to go on trying to reach the Temporal server at start, in seconds.",
    )
    api_key_file: Path | None = Field(
        None,
        description="File with the API key for the Temporal server, in place of TEMPORAL_API_KEY.",
    )
    credentials_check_seconds: float = Field(
        30.0,
        gt=0,
        le=3600,
        description="How often a worker looks whether the files of its API key and certificates have changed,"
        " in seconds. It goes on with what they hold then.",
    )
    retention_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Days for which `uphold setup` tells a namespace that it creates to keep"
        " closed workflows.",
    )
    max_cached_workflows: int = Field(
        5000,
        ge=0,
        description="Open complaints kept in memory, at about 0.11 MB each; others are replayed"
        " when something happens to them. `0` keeps none.",
    )
    max_concurrent_workflow_tasks: int = Field(
        8,
        ge=2,
        description="Complaints that are advanced at the same time. Many at once share one processor,"
        " pass the ten seconds of a task, and begin again.",
    )
    max_concurrent_activities: int = Field(
        100, ge=1, description="Effects (ledger, mail) performed at the same time."
    )
    max_concurrent_letters: int = Field(
        20,
        ge=1,
        description="Letters that wait for the post and are tried at the same time. They have a queue of"
        " their own, so that a mail server that hangs holds back nothing else.",
    )
    graceful_shutdown_seconds: float = Field(
        30.0,
        ge=0,
        le=3600,
        description="How long a stopping worker lets running effects finish, in seconds.",
    )
    deployment_name: str = Field(
        "uphold",
        min_length=1,
        description="Name of the worker deployment. Used only with `build_id`.",
    )
    build_id: str | None = Field(
        None,
        min_length=1,
        description="Version of this worker's code for Temporal's worker versioning; without one"
        " the worker is unversioned.",
    )
    digest_hour: int = Field(
        8,
        ge=0,
        le=23,
        description="Hour of each working morning at which every mailbox gets the digest of what"
        " waited for it. `uphold setup` puts it into the schedule.",
    )
    digest_time_zone: str = Field(
        "Europe/London",
        description="The organisation's time zone, in which `digest_hour` is meant.",
    )
    actor_id: str | None = Field(
        None, description="Who acts in the admin script: id. Without an actor nothing is sent."
    )
    actor_name: str | None = Field(None, description="Who acts in the admin script: name.")
    actor_role: str | None = Field(
        None, description="Who acts in the admin script: role, such as `case-handler`."
    )

    @field_validator("digest_time_zone")
    @classmethod
    def _time_zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("it names no time zone, such as Europe/London") from None
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Explicit values first, then the environment, then the settings file; nothing else."""
        del dotenv_settings, file_secret_settings
        file = TomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, file


def load_settings(**given: Any) -> Settings:
    """The settings from `given`, the environment and the settings file, in that order.

    Raises `SettingsError` with every fault at once: name, value (never a secret's), what is
    allowed. A misspelt name is a fault in the environment as well as in the file.
    """
    file = settings_file()
    if os.environ.get(FILE_VARIABLE) and not file.is_file():
        raise SettingsError(f"{FILE_VARIABLE} names {file}, and there is no such file.")
    if unreadable := _unreadable_variables():
        raise SettingsError("Settings are wrong: " + " ".join(unreadable))
    faults = _unknown_variables()
    try:
        settings = Settings(**given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} is not valid TOML: {error}.") from None
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}.") from None
    except ValidationError as error:
        details = error.errors(include_url=False)
        faults += [
            settings_docs.fault(each, Settings.model_fields, _HIDDEN)
            for each in details
            # What another setting would have given is no fault of its own.
            if each["type"] != "default_factory_not_called"
        ]
    else:
        if not faults:
            return settings
    lines = "".join(f"\n  - {fault}" for fault in faults)
    raise SettingsError(f"Settings are wrong (file {file}, variables {PREFIX}…):{lines}")


def settings_table() -> str:
    """Every setting as a Markdown table, for the documentation."""
    return settings_docs.table(Settings.model_fields, PREFIX)


def _unreadable_variables() -> list[str]:
    ours = (name for name in sorted(os.environ) if name.startswith(PREFIX))
    return [
        f"{name}: what is set there is not UTF-8 text."
        for name in ours
        if not is_text(os.environ[name])
    ]


def _unknown_variables() -> list[str]:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {FILE_VARIABLE}
    return [
        settings_docs.unknown(name, known)
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known and not name.startswith(_FREE_PREFIX)
    ]
