"""`uphold login`: a token that proves who acts, of an OpenID Connect provider or of the embedded issuer."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from starter.terminal.options import AsJson
from starter.terminal.printing import say, say_json_line, tell
from starter.terminal.session import setting, the_settings, the_token_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.settings import Settings
    from identity.provider.device import Asked, Given
    from identity.proving import Bearer

_HOURS: Final = 10.0


def login(
    person: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="Of the embedded issuer: who acts, as people.toml says."
        ),
    ] = None,
    folder: Annotated[
        Path,
        typer.Option(
            "--dir", metavar="DIR", help="The embedded issuer's folder: its key, and people.toml."
        ),
    ] = Path("var/identity"),
    complaint: Annotated[
        str | None, typer.Option(metavar="REF", help="With ID: only for this complaint.")
    ] = None,
    hours: Annotated[
        float, typer.Option(min=0.01, max=24 * 31, help="With ID: for how long.")
    ] = _HOURS,
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key",
            help="Let the embedded issuer sign with a new key; the old one counts until its tokens end.",
        ),
    ] = False,
    at_once: Annotated[
        bool,
        typer.Option(
            "--at-once",
            help="With --new-key: the old key counts no longer; everybody logs in anew.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Get a token, which proves who acts.

    Without an ID the provider of UPHOLD_IDENTITY_ISSUER is asked: it shows an address and a code, you log in there with any
    browser, and the token is renewed for as long as the provider allows. With an ID the embedded issuer gives one to
    somebody in people.toml; key and people are made on first use, and whoever can read the key can act as anybody.

    The token is kept where `uphold` finds it, for its owner's eyes alone, until somebody else logs in. With --json each
    line is one object: first what to do in the browser, then who acts.

    \b
    Examples:
      UPHOLD_IDENTITY_ISSUER=https://login.council.example uphold login
      uphold login m.rees
      uphold login --new-key
    """  # fmt: skip
    from identity.provider.asking import is_address
    from identity.provider.device import LoginFailed

    for option, given, goes_with in (
        ("--at-once", at_once and not new_key, "--new-key"),
        ("--complaint", complaint and person is None, "ID"),
        ("--hours", hours != _HOURS and person is None, "ID"),
    ):
        if given:
            raise typer.BadParameter(f"{option} goes with {goes_with}.")
    issuer = setting("identity_issuer") or ""
    if new_key:
        _make_new_key(folder, at_once)
    if person is not None:
        if is_address(issuer):
            raise LoginFailed(
                f"Tokens of {issuer} count here. `uphold login` without an ID logs you in there."
            )
        _embedded(folder, person, complaint, hours, as_json)
    elif is_address(issuer):
        _at_provider(the_settings(), issuer, as_json)
    elif not new_key:
        raise LoginFailed(
            "Say who acts: `uphold login ID`, with an ID of people.toml. Where an OpenID Connect provider says"
            " who acts, set UPHOLD_IDENTITY_ISSUER to its address."
        )


def _make_new_key(folder: Path, at_once: bool) -> None:
    from identity.issuer import Issuer

    until = Issuer(folder).rotate(at_once=at_once)
    before = f"Tokens of older keys count until they end, at the latest at {_when(until)}." if until else (
        "No token of an older key counts any more."
    )  # fmt: skip
    tell(f"A new key signs from now on. {before} Workers know it within five minutes.")


def _embedded(
    folder: Path, person: str, complaint: str | None, hours: float, as_json: bool
) -> None:
    from identity.issuer import Issuer
    from identity.provider.kept import keep

    issued = Issuer(folder).login(person, complaint=complaint, life=timedelta(hours=hours))
    file = Path(the_token_file())
    keep(issued.token, file)
    only = f" on {complaint}" if complaint else ""
    _tell_who(issued.id, issued.name, issued.roles, issued.until, file, only=only, as_json=as_json)


def _at_provider(settings: Settings, issuer: str, as_json: bool) -> None:
    from engine.errors import SettingsError
    from identity.provider.asking import Away
    from identity.provider.device import DeviceLogin, LoginFailed
    from identity.provider.discovery import discover
    from identity.provider.kept import Renewal, keep

    client_id, sends = settings.identity_client_id, settings.identity_sends
    try:
        provider = discover(issuer)
        begun = DeviceLogin(provider, client_id, settings.identity_scopes, sends)
    except Away as error:
        raise LoginFailed(f"Nobody was logged in: {issuer} does not answer ({error}).") from None
    except ValueError as error:
        raise SettingsError(f"identity_issuer: {issuer}: {error}.") from None
    _tell_what_to_do(begun.asked, as_json)
    given = begun.wait()
    bearer = _proven(settings, issuer, given)
    file = settings.token_file
    renewal = Renewal(issuer, provider.token, client_id, sends, given.renewal or "")
    keep(given.token, file, renewal if given.renewal else None)
    who = bearer.person
    _tell_who(
        who.id or "", who.name, bearer.roles, bearer.until, file,
        renewed=given.renewal is not None, as_json=as_json,
    )  # fmt: skip


def _proven(settings: Settings, issuer: str, given: Given) -> Bearer:
    """Who the token is about, as a worker of these settings would take it. Raises `LoginFailed`."""
    from domain.errors import Unproven
    from identity.provider.device import LoginFailed
    from worker.door import verifier_of

    verifier = verifier_of(settings, issuer)
    verifier.keys.require()
    try:
        return verifier.prove(given.token)
    except Unproven as refused:
        other = "an access token" if settings.identity_sends == "id-token" else "an ID token"
        raise LoginFailed(
            f"{issuer} knows you, but no worker would take its {settings.identity_sends.replace('-', ' ')}: {refused}"
            f" UPHOLD_IDENTITY_SENDS sends {other} instead; docs/identity.md says what each has to hold."
        ) from None


def _tell_what_to_do(asked: Asked, as_json: bool) -> None:
    if as_json:
        told = {
            "verification_uri": asked.address, "user_code": asked.code,
            "verification_uri_complete": asked.whole_address or None, "expires_in": asked.seconds,
        }  # fmt: skip
        say_json_line(told)
        return
    tell(f"Open {asked.address} in any browser, and enter the code {asked.code}")
    if asked.whole_address:
        tell(f"Or open {asked.whole_address}, and compare the code.")
    tell(f"The code is good for {max(1, round(asked.seconds / 60))} min. Waiting for you …")


def _tell_who(
    person: str, name: str, roles: Iterable[str], until: datetime, file: Path,
    *, only: str = "", renewed: bool = False, as_json: bool = False,
) -> None:  # fmt: skip
    told: dict[str, Any] = {
        "id": person, "name": name, "roles": [*map(str, roles)], "until": until.isoformat(),
        "renewed": renewed, "token_file": str(file),
    }  # fmt: skip
    if as_json:
        say_json_line(told)
        return
    after = ", and then renewed" if renewed else ""
    say(
        f"{name} ({', '.join(told['roles'])}) acts{only} until {_when(until)}{after}. The token is in {file}."
    )


def _when(instant: datetime) -> str:
    return f"{instant:%-d %B %Y %H:%M} UTC"
