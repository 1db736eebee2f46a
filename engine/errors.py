"""Owns the errors of the engine room: what keeps a program from starting or from going on.

    EngineError
    ├── SettingsError            a setting is unknown or wrong: which, its value, what is allowed
    ├── ServerUnavailable        no Temporal server answers at the address
    ├── ServerRefused            it answers, but not to these credentials
    ├── IssuerUnreachable        whoever issues the tokens does not answer
    ├── NamespaceMissing         it does not hold the namespace
    ├── NotRoutedTo              it gives this build of the worker nothing
    ├── SearchAttributesMissing  the namespace lacks search attributes, or has one of another type
    ├── LedgerUnreachable        the ledger's database does not answer
    ├── LedgerUnready            the ledger's tables are missing, or of another version
    ├── ServerBinaryMissing      no `temporal` program beside the interpreter
    └── DevServerFailed          the development server did not start

Each carries the exit code with which a program leaves because of it. Must not import `temporalio`.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import ClassVar

from domain.errors import UpholdError


class EngineError(UpholdError):
    """Something outside the complaints is not as it must be."""

    exit_code: ClassVar[int] = os.EX_SOFTWARE


class SettingsError(EngineError):
    """A setting is unknown or wrong."""

    exit_code = os.EX_CONFIG


class ServerUnavailable(EngineError):
    """No Temporal server answers at the address within the time allowed."""

    exit_code = os.EX_UNAVAILABLE


class ServerRefused(EngineError):
    """The Temporal server does not accept these credentials."""

    exit_code = os.EX_NOPERM


class IssuerUnreachable(EngineError):
    """The issuer of the tokens does not answer, or not now."""

    exit_code = os.EX_UNAVAILABLE


class NamespaceMissing(EngineError):
    """The Temporal server does not hold the namespace."""

    exit_code = os.EX_CONFIG


class NotRoutedTo(EngineError):
    """The Temporal server gives the complaints of the task queue to workers of another build."""

    exit_code = os.EX_CONFIG


class SearchAttributesMissing(EngineError):
    """The namespace lacks search attributes, or has one of another type."""

    exit_code = os.EX_CONFIG


class LedgerUnreachable(EngineError):
    """The ledger's database does not answer."""

    exit_code = os.EX_UNAVAILABLE


class LedgerUnready(EngineError):
    """The ledger's tables are missing, or of another version than this program's."""

    exit_code = os.EX_CONFIG


class ServerBinaryMissing(EngineError):
    """The `temporal` program is not installed beside the interpreter."""

    exit_code = os.EX_UNAVAILABLE


class DevServerFailed(EngineError):
    """The development server stopped, or never answered, while it was being started."""

    exit_code = os.EX_UNAVAILABLE


def is_text(value: str) -> bool:
    """Whether a variable of the environment holds text, and not bytes that are none in UTF-8."""
    return not any("\ud800" <= each <= "\udfff" for each in value)


_CAUSES = {
    "ConnectionRefused": "the connection is refused",
    "dns error": "nobody knows that host",
    "TimedOut": "it does not reply",
    "operation was canceled": "the connection was closed",
}


def why_no_answer(error: Exception) -> str:
    """Why the SDK reached no server, in words where they are known; its own text where not."""
    said = str(error).removeprefix("Failed client connect: ")
    known = (words for mark, words in _CAUSES.items() if mark in said)
    return next(known, said) or "it does not reply"


_HUNG_UP = re.compile(r"closed|BrokenPipe|ConnectionReset|ConnectionAborted|UnexpectedEof|alert")
"""However a server ends the connection: which of them is seen depends on who of the two was quicker."""


def unavailable(
    address: str, patience: timedelta, error: Exception, *, over_tls: bool
) -> ServerUnavailable:
    """What is told once nobody has answered there for so long, with what to look at first."""
    cause = why_no_answer(error)
    what, then = (
        "No Temporal server answers",
        "Start one with `uphold dev`, or set TEMPORAL_ADDRESS",
    )
    if "InvalidCertificate" in cause:
        what = "A certificate that is not trusted here is shown"
        then = "Check TEMPORAL_TLS_SERVER_CA_CERT_PATH and TEMPORAL_TLS_SERVER_NAME"
    elif _HUNG_UP.search(cause) and over_tls:
        what = (
            "The connection is closed before it is answered: a client certificate may be asked for,"
        )
        then = "Check TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH"
    elif _HUNG_UP.search(cause):
        what = "The connection is closed before it is answered: it may be no Temporal server, or speak TLS alone,"
        then = "Check TEMPORAL_ADDRESS and TEMPORAL_TLS"
    tried = f"at {address} (tried for {patience.total_seconds():g} s)"
    return ServerUnavailable(f"{what} {tried}. {then}. Cause: {cause}")
