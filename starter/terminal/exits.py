"""How the admin script ends: exit codes, and one clear paragraph for every error.

0   done
1   refused by the rules, or rows refused
2   wrong usage or settings
69  the Temporal server, or every worker, is not there
70  a fault of Uphold's own
78  not set up: run `uphold setup`
130 interrupted
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, NoReturn, TypeVar

import typer

from telemetry import traces

REFUSED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
TRACEBACK_VARIABLE: Final = "PYTHONDEVMODE"
"""Python's own switch for developers: with it a fault of Uphold's own shows its traceback."""

_ELSEWHERE: Final = {
    # By name, with all that is of the kind: a command that needs no ledger and no server loads neither.
    "ActorUnknown": USAGE,
    "BadLedgerUrl": USAGE,
    "NotAnswered": os.EX_UNAVAILABLE,
    "LedgerUnavailable": os.EX_UNAVAILABLE,
    "LedgerNotReady": os.EX_CONFIG,
    "BadKeyRing": os.EX_CONFIG,
    "RingKeyMissing": os.EX_CONFIG,
    "BadKeyService": USAGE,
    "KeysAway": os.EX_UNAVAILABLE,
}

Result = TypeVar("Result")


@contextmanager
def ended_by() -> Iterator[None]:
    """Turns what a command raises into words and an exit code. Raises `typer.Exit` for every error."""
    try:
        yield
    except BrokenPipeError:
        # The reader has seen enough (`| head`): nothing is wrong, and nothing more can be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE) or is_typers_own(error):
            raise
        if isinstance(error, UnicodeEncodeError):
            typer.echo("What was given is not UTF-8 text.", err=True)
            raise typer.Exit(USAGE) from None
        typer.echo(message_for(error), err=True)
        raise typer.Exit(code_for(error)) from None


def leave(code: str | int | None) -> NoReturn:
    """End the process at once, with everything flushed.

    The SDK's core may abort the interpreter's own shutdown (`PyGILState_Release`), which would
    turn a clean answer into a crash. By now everything is closed in order.
    """
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    traces.stop()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of asynchronous work, done now."""
    import asyncio

    return asyncio.run(work)


def run_until_stopped(work: Coroutine[Any, Any, int], last_words: str = "") -> int:
    """The exit code that the work ends with, or that of an interruption by Ctrl-C."""
    import asyncio

    try:
        return run(work)
    except (KeyboardInterrupt, asyncio.CancelledError):
        if last_words:
            typer.echo(last_words, err=True)
        return INTERRUPTED


def is_typers_own(error: Exception) -> bool:
    """Whether Typer itself shows this error: wrong usage, and the commands' own exits."""
    return isinstance(error, (typer.Exit, typer.Abort)) or hasattr(error, "show")


_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}
"""What a disk says that takes no more."""


def code_for(error: Exception) -> int:
    """The exit code with which the script leaves because of this error."""
    from domain.errors import UpholdError
    from engine.errors import EngineError, SettingsError

    if isinstance(error, SettingsError):
        return USAGE
    if isinstance(error, EngineError):
        return error.exit_code
    for kind in type(error).__mro__:
        if kind.__name__ in _ELSEWHERE:
            return _ELSEWHERE[kind.__name__]
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return os.EX_IOERR
    if isinstance(error, OSError) and error.filename is not None:
        return USAGE
    return REFUSED if isinstance(error, UpholdError) else os.EX_SOFTWARE


def message_for(error: Exception) -> str:
    """What a person is told about this error."""
    from domain.errors import Refused, UpholdError

    if isinstance(error, Refused):
        named = "" if type(error) is Refused else f" ({error.kind})"
        return f"Refused{named}: {error}"
    if isinstance(error, UpholdError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"It could not be written: {error.strerror}."
    if isinstance(error, OSError) and error.filename is not None:
        file, why = error.filename2 or error.filename, (error.strerror or "").lower()
        return f"{file} cannot be read or written: {why}."
    return (
        f"A fault of Uphold's own: {type(error).__name__}: {error}\n"
        f"Run it again with {TRACEBACK_VARIABLE}=1 to see where, and report that."
    )
