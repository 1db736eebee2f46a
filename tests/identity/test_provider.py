"""Any OpenID Connect provider by its address alone: its keys are found, followed when they change, and nobody else's."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import ProofRequest
from activities.proving import Proving
from domain.complaint.commands import Actor
from domain.errors import Unproven
from domain.vocabulary import Role
from engine.errors import IssuerUnreachable, SettingsError
from engine.settings import Settings
from identity import keys as keeping
from identity.header import held
from identity.keys import PublishedKeys
from identity.provider import asking
from identity.proving import Doorkeeper
from tests.fixtures.issuers import Reply, a_provider, answering, logged_in, reply
from tests.identity.tokens import claims_for, new_key, signed
from worker.door import door_of

REES = Actor(id="r-17", name="M Rees", role=Role.MANAGER)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine an answer takes longer than a worker would wait for it."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setattr(keeping, "_WAITING", timedelta(seconds=30))
    monkeypatch.setattr(asking, "_WITHIN", timedelta(seconds=30))


def door(issuer: str, **other: object) -> Doorkeeper:
    """The door of a worker that is told no more than the issuer's address."""
    given = {
        "identity": "tokens",
        "identity_issuer": issuer,
        "identity_refresh_seconds": 0,
        **other,
    }
    return door_of(Settings.model_validate(given))


def require(keeper: Doorkeeper) -> None:
    """As a worker does before it begins, and whenever it is asked whether it is ready."""
    assert keeper.verifier is not None
    keeper.verifier.keys.require()


def test_the_address_of_a_provider_is_all_that_a_worker_has_to_be_told() -> None:
    with a_provider() as issuer:
        keeper = door(issuer)
        require(keeper)
        keeper.check(logged_in(issuer, "r-17")["id_token"], "A-1", REES)
        with pytest.raises(Unproven, match="no role here"):
            keeper.check(logged_in(issuer, "o-3")["id_token"], "A-1", REES)
        named = door(issuer, identity_id_claim="preferred_username")
        named.check(
            logged_in(issuer, "r-17")["id_token"], "A-1", REES.model_copy(update={"id": "m.rees"})
        )
        with pytest.raises(Unproven, match=r"whom it is about \(preferred_username\)"):
            named.check(logged_in(issuer, "o-3")["id_token"], "A-1", REES)
        with pytest.raises(Unproven, match="cannot be read"):
            keeper.check(logged_in(issuer, "r-17")["access_token"], "A-1", REES)


def test_a_provider_changes_its_keys_and_no_worker_is_started_anew() -> None:
    with a_provider() as issuer:
        keeper = door(issuer)
        old = logged_in(issuer, "r-17")["id_token"]
        keeper.check(old, "A-1", REES)
        port = int(issuer.rpartition(":")[2])
    stranger = signed(new_key("RSA"), claims_for(REES.model_dump(), iss=issuer), kid="of-nobody")
    with pytest.raises(Unproven, match=r"unknown key.*since then they cannot be read: .*refused"):
        keeper.check(stranger, "A-1", REES)
    keeper.check(old, "A-1", REES)  # while the provider is away, what is known goes on being good
    assert "Connection refused" in keeper.away
    with a_provider(port) as issuer:
        keeper.check(logged_in(issuer, "r-17")["id_token"], "A-1", REES)
        with pytest.raises(Unproven, match=r"unknown key|was altered"):
            keeper.check(old, "A-1", REES)
        assert not keeper.away


def test_a_worker_waits_for_a_provider_that_is_away_and_says_so_when_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with a_provider() as issuer:
        port = int(issuer.rpartition(":")[2])
    keeper = door(issuer)
    with pytest.raises(IssuerUnreachable, match=r"cannot be read: .*refused\.$"):
        require(keeper)
    with a_provider(port):
        require(keeper)
    require(keeper)  # read lately
    monkeypatch.setattr(keeping, "_GOOD_FOR", timedelta())
    with pytest.raises(IssuerUnreachable, match="Those that are known go on being good"):
        require(keeper)


KEYS = json.dumps({"keys": [new_key().as_dict(private=False)]})
HUGE = b'{"keys": [' + b" " * asking.LARGEST_BYTES + b"]}"


def described(at: str, **other: object) -> Reply:
    """What a provider says of itself; anything may be said otherwise."""
    return reply(json.dumps({"issuer": at, "jwks_uri": f"{at}/keys"} | other))


CANNOT_BE = {
    "the keys redirect": ({"/keys": reply(status=302, location="/elsewhere")}, "not followed"),
    "the description redirects": (
        {"/.well-known/openid-configuration": reply(status=301, location="/elsewhere")},
        "not followed",
    ),
    "too large": ({"/keys": reply(HUGE)}, "more than 500,000 bytes"),
    "not there": ({"/keys": reply(status=404)}, "it answers 404"),
    "no JSON": ({"/.well-known/openid-configuration": reply("<html>")}, "no JSON object"),
    "no set": ({"/keys": reply("[]")}, "no JSON Web Key Set"),
}


@pytest.mark.parametrize(("replies", "words"), CANNOT_BE.values(), ids=CANNOT_BE)
def test_what_cannot_be_an_issuers_keys_is_not_taken_for_them(
    replies: dict[str, Reply], words: str
) -> None:
    paths: dict[str, Reply] = {"/elsewhere": reply(KEYS), "/keys": reply(KEYS)}
    with answering(paths) as issuer:
        paths |= {"/.well-known/openid-configuration": described(issuer)} | replies
        with pytest.raises(SettingsError, match=words):
            require(door(issuer))


SAID_WRONGLY = {
    "of another name": ({"issuer": "https://elsewhere.example"}, "it calls itself 'https://else"),
    "keys in the clear": ({"jwks_uri": "http://elsewhere.example/keys"}, "in the clear"),
    "keys in a file": ({"jwks_uri": "file:///etc/passwd"}, "begins with https"),
    "keys nowhere": ({"jwks_uri": None}, "does not say where its keys are"),
    "keys of no address": ({"jwks_uri": ["x"]}, "no address"),
}


@pytest.mark.parametrize(("said", "words"), SAID_WRONGLY.values(), ids=SAID_WRONGLY)
def test_a_provider_is_taken_at_its_word_only_where_that_can_be_so(
    said: dict[str, object], words: str
) -> None:
    paths: dict[str, Reply] = {"/keys": reply(KEYS)}
    with answering(paths) as issuer:
        paths["/.well-known/openid-configuration"] = described(issuer, **said)
        with pytest.raises(SettingsError, match=words):
            require(door(issuer))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_that_is_busy_is_asked_again(status: int) -> None:
    paths: dict[str, Reply] = {"/keys": reply(status=status)}
    with answering(paths) as issuer:
        paths["/.well-known/openid-configuration"] = described(issuer)
        keeper = door(issuer)
        with pytest.raises(IssuerUnreachable, match=f"it answers {status}"):
            require(keeper)
        paths["/keys"] = reply(KEYS)
        require(keeper)


@pytest.fixture
def slow() -> Iterator[tuple[Reply, threading.Event]]:
    """An answer that begins, and goes on only once the event is set."""
    go_on = threading.Event()

    def drip(to: BaseHTTPRequestHandler) -> None:
        to.send_response(200)
        to.send_header("Content-Length", str(len(KEYS)))
        to.end_headers()
        to.wfile.write(KEYS[:5].encode())
        go_on.wait(30)
        to.wfile.write(KEYS[5:].encode())

    yield drip, go_on
    go_on.set()


def test_an_answer_that_does_not_come_is_given_up(
    slow: tuple[Reply, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_WITHIN", timedelta(seconds=0.05))
    drip, go_on = slow
    with answering({"/keys": drip}) as address:
        keys = PublishedKeys(f"{address}/keys", timedelta())
        with pytest.raises(IssuerUnreachable):
            keys.require()
        go_on.set()


def test_whoever_shows_a_known_key_is_not_held_up_by_an_answer_that_is_slow(
    slow: tuple[Reply, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    drip, go_on = slow
    paths: dict[str, Reply] = {"/keys": reply(KEYS)}
    known = json.loads(KEYS)["keys"][0]["kid"]
    with answering(paths) as address:
        keys = PublishedKeys(f"{address}/keys", timedelta())
        keys.require()
        monkeypatch.setattr(keeping, "_GOOD_FOR", timedelta())
        monkeypatch.setattr(keeping, "_WAITING", timedelta())
        paths["/keys"] = drip
        assert keys.get(known) is not None, "it would wait for ever: nobody has set the event"
        assert keys.get("another") is None
        go_on.set()


def test_keys_that_were_never_read_are_not_told_as_known(tmp_path: Path) -> None:
    keys = PublishedKeys(str(tmp_path / "keys.json"), timedelta())
    assert keys.get("some") is None
    assert keys.told.startswith(f"none: those at {keys.place} cannot be read: [Errno 2]")


def test_a_key_whose_time_is_over_is_none_though_it_is_still_published(tmp_path: Path) -> None:
    over, good = new_key(), new_key()
    place = tmp_path / "keys.json"
    place.write_text(
        json.dumps(
            {"keys": [over.as_dict(private=False) | {"exp": 1}, good.as_dict(private=False)]}
        )
    )
    keys = PublishedKeys(str(place), timedelta())
    assert (keys.get(over.kid), keys.get(good.kid) is not None) == (None, True)


NO_PLACE = {
    "in the clear": ({"identity_issuer": "http://login.example"}, "in the clear"),
    "a name alone": ({"identity_issuer": "council"}, "identity_keys must be set"),
    "keys of nobody": ({"identity_keys": "keys.json"}, "identity_issuer is not"),
    "a password in it": ({"identity_issuer": "https://a:b@login.example"}, "ends in logs"),
    "no address": ({"identity_issuer": "https://[login.example"}, "it is no address"),
    "keys at no address": (
        {"identity_issuer": "council", "identity_keys": "https://[keys"},
        "it is no address",
    ),
    "nothing": ({}, "Set UPHOLD_IDENTITY_ISSUER"),
}


@pytest.mark.parametrize(("given", "words"), NO_PLACE.values(), ids=NO_PLACE)
def test_a_worker_is_told_what_is_wrong_with_its_issuer(given: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        door_of(Settings.model_validate({"identity": "tokens", **given}))


async def test_an_opening_waits_for_an_issuer_that_is_away_and_a_signal_is_refused() -> None:
    with a_provider() as issuer:
        keeper = door(issuer)
        require(keeper)
        port = int(issuer.rpartition(":")[2])
    newer = signed(new_key("RSA"), claims_for(REES.model_dump(), iss=issuer), kid="newer")
    asked, environment = Proving(keeper).prove, ActivityEnvironment()
    with held(newer):
        with pytest.raises(ApplicationError, match="cannot be read") as waits:
            await environment.run(asked, ProofRequest("A-1"))
        assert not waits.value.non_retryable
        assert "unknown key" in (await environment.run(asked, ProofRequest("A-1", REES))).refused
    with a_provider(port), held(logged_in(issuer, "r-17")["id_token"]):
        assert (await environment.run(asked, ProofRequest("A-1"))).by == REES
