"""Who acts in the admin script, and the way from a command to the server and the ledger.

The actor comes from flags, then from the environment, then from the settings file; without one nothing
is sent.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta, tzinfo
from functools import cache
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

import typer

from domain.errors import UpholdError
from domain.vocabulary import Role
from engine.errors import SettingsError, is_text
from starter.terminal.options import Acts

if TYPE_CHECKING:
    from charters.files import CharterBook
    from domain.charter.tables import Charter
    from domain.complaint.commands import Actor
    from engine.settings import Settings
    from identity.sending import TokenOf
    from ledger.sql.ledger import SqlLedger
    from ledger.sql.opened import OpenedLedger
    from sealing.data_keys import DataKeys
    from sealing.port import KeyRing
    from starter.client import Complaints
    from starter.wire.sender import Sender

    Database = TypeVar("Database", bound=OpenedLedger)

PATIENCE_SECONDS: Final = 5.0
"""A person waits at a prompt; a service that starts may wait longer for its server."""
_LONGEST_SECONDS: Final = 3600


class ActorUnknown(UpholdError):
    """It is not known who acts, so nothing was sent."""


def who_acts(given: Acts) -> dict[str, str]:
    """Id, name and role of whoever acts, each from its flag, or else from their token, or else from the settings.

    Raises `ActorUnknown`, which names what is missing.
    """
    proven = _by_token()
    found = {
        name: value or proven.get(name) or setting(f"actor_{name}")
        for name, value in given._asdict().items()
    }
    if missing := [name for name, value in found.items() if not value]:
        flags = ", ".join(f"--actor-{name}" for name in missing)
        variables = ", ".join(f"UPHOLD_ACTOR_{name.upper()}" for name in missing)
        how = "Give" if proven else "Log in with `uphold login ID`; where identity is off, give"
        raise ActorUnknown(
            f"Nothing was sent, because it is not known who acts. {how} {flags}, or set {variables}."
        )
    if found["role"] not in set(Role):
        raise ActorUnknown(
            f"Nothing was sent: actor_role = {found['role']!r} is no role."
            f" Allowed: {', '.join(Role)}."
        )
    return {name: str(value) for name, value in found.items()}


def _by_token() -> dict[str, str]:
    """What the token that is sent along says of whoever acts; their role where it gives only one."""
    from identity.claims import claims_of, person_in, roles_in, roles_of
    from identity.sending import token_of_file

    claims = claims_of(token_of_file(the_token_file())("", None) or "")
    said = person_in(claims, setting("identity_id_claim") or "sub")
    mapped = roles_of(setting("identity_roles"))
    roles = roles_in(claims, setting("identity_roles_claim") or "roles", mapped)
    if len(roles) == 1:
        said["role"] = roles[0]
    return {name: str(value) for name, value in said.items() if value}


def the_token_file() -> str:
    """Where the token is that is sent along."""
    from identity.header import KEPT_TOKEN

    return setting("token_file") or KEPT_TOKEN


@cache
def zone_of(charter: str) -> tzinfo | None:
    """The clock of the organisation whose charter that is, by its file; none where it is not here."""
    from charters.finding import find_charter

    try:
        file = find_charter(charter, the_settings().charters_dir)
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return ZoneInfo(table["calendar"].get("time-zone", "Europe/London"))
    except (UpholdError, OSError, ValueError, KeyError):
        return None


def the_actor(given: Acts) -> Actor:
    """Whoever acts. Raises `ActorUnknown`."""
    from domain.complaint.commands import Actor

    return Actor.model_validate(who_acts(given))


def setting(name: str) -> str | None:
    """One setting as it is written, from the environment or else from the settings file.

    A verb needs so few that it does not load `engine.settings`, which reads and checks them all, unless the file
    cannot be read. Raises `SettingsError`.
    """
    variable = f"UPHOLD_{name.upper()}"
    if found := os.environ.get(variable):
        if not is_text(found):
            raise SettingsError(f"{variable}: what is set there is not UTF-8 text.")
        return found
    named = os.environ.get("UPHOLD_CONFIG")
    try:
        read = tomllib.loads(Path(named or "uphold.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if named or not isinstance(error, FileNotFoundError):
            the_settings()  # which says what is wrong with the file
        return None
    return str(read[name]) if read.get(name, "") != "" else None


def patience() -> timedelta:
    """For how long a verb tries to reach its server. Raises `SettingsError`."""
    try:
        seconds = float(setting("connect_timeout_seconds") or PATIENCE_SECONDS)
    except ValueError:
        seconds = nan
    if not 0 <= seconds <= _LONGEST_SECONDS:
        seconds = the_settings().connect_timeout_seconds  # which says what is wrong with it
    return timedelta(seconds=seconds)


def the_settings() -> Settings:
    """The settings, with a person's patience where none is set."""
    from engine.settings import load_settings

    settings = load_settings()
    if "connect_timeout_seconds" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"connect_timeout_seconds": PATIENCE_SECONDS})


async def the_sender() -> Sender:
    """What only sends verbs and asks how a complaint stands: it loads neither models nor settings that it does not need."""
    from engine.connect import connect_plainly
    from identity.sending import token_of_file
    from starter.wire.sender import Sender
    from telemetry import traces

    traces.use(setting("traces_endpoint"))
    key_file = setting("api_key_file")
    token = token_of_file(the_token_file())
    client = await connect_plainly(patience(), Path(key_file) if key_file else None, _keys(token))
    return Sender(client, token=token)


def _keys(token: TokenOf) -> DataKeys | None:
    """What is sent is sealed with these; nothing heavy is loaded where nothing is."""
    from sealing.beside import LEDGER, ring_beside

    named = setting("key_ring") or setting("key_service")
    if not (named or ring_beside(setting("ledger_url") or LEDGER)):
        return None
    from starter.wire.keys import keys_for

    return keys_for(the_settings(), token)


async def connected(settings: Settings) -> Complaints:
    """The complaints on the server that the environment names."""
    from starter.client import Complaints

    return await Complaints.connect(settings)


def the_ledger(url: str | None = None) -> AbstractAsyncContextManager[SqlLedger]:
    """The ledger in a database, ready: that of the settings unless `url` names another.

    Raises `LedgerError`, also for a ledger in memory: what is in it ends with its worker, and nobody else sees it.
    """
    from ledger.opening import open_sql_ledger

    return _ready(open_sql_ledger, url)


def the_database(url: str | None = None) -> AbstractAsyncContextManager[OpenedLedger]:
    """As `the_ledger`, for a command that reads no events: it starts in half the time."""
    from ledger.opening import open_database

    return _ready(open_database, url)


@asynccontextmanager
async def _ready(
    opening: Callable[[str, KeyRing | None], Database], url: str | None
) -> AsyncIterator[Database]:
    settings = the_settings()
    async with opening(url or settings.ledger_url, ring_of(settings)) as ledger:
        await ledger.require_ready()
        yield ledger


def ring_of(settings: Settings) -> KeyRing | None:
    """The key ring that the settings name; none where nothing is sealed. Raises `BadKeyRing`."""
    if settings.key_ring is None:
        return None
    from sealing.ring import read_ring

    return read_ring(settings.key_ring)


def the_book() -> CharterBook:
    """The charters that ship and those in the folder that the settings name."""
    from charters.files import CharterBook

    return CharterBook(the_settings().charters_dir)


def the_charter(charter_id: str) -> Charter:
    """The charter of that id. Raises a usage error naming those there are."""
    from domain.errors import UnknownCharter

    try:
        return the_book().get(charter_id)
    except UnknownCharter as error:
        raise typer.BadParameter(str(error), param_hint="'CHARTER'") from None
