"""Connections to a mail server: used again, limited in what they carry, signed in with tokens."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import trustme
from aiosmtpd.smtp import AuthResult, auth_mechanism
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from letters.channels.connections import Tls
from letters.channels.oauth import Tokens
from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure
from tests.letters.channels.mail_server import (
    Desk,
    channel_to,
    mail_server,
    server_tls,
    trusting_tls,
)
from tests.letters.channels.web_server import serving

GOOD = "the secret"


def mail(number: int = 1, size: int = 500) -> Mail:
    content = f"Message-ID: <{number}@council.example>\r\n\r\n".encode() + b"A letter\r\n" * (
        size // 10
    )
    return Mail(f"<{number}@council.example>", "us@council.example", "you@c.example", content)


async def test_one_connection_carries_letter_after_letter() -> None:
    async with mail_server() as desk:
        channel = channel_to(desk)
        for number in range(5):
            await channel.send(mail(number))
        assert (len(desk.taken), desk.connections) == (5, 1)
        await channel.close()


async def test_a_refused_recipient_costs_the_next_letter_no_connection() -> None:
    async with mail_server() as desk:
        channel = channel_to(desk)
        desk.at_recipient = "550 no such mailbox"
        with pytest.raises(PermanentRefusal):
            await channel.send(mail(1))
        desk.at_recipient = "250 OK"
        await channel.send(mail(2))
        assert (len(desk.taken), desk.connections) == (1, 1)


async def test_a_server_that_hung_up_meanwhile_is_rung_again() -> None:
    async with mail_server() as desk:
        channel = channel_to(desk)
        await channel.send(mail(1))
        desk.hang_up_on_all()
        await channel.send(mail(2))
        assert (len(desk.taken), desk.connections) == (2, 2)


async def test_a_server_that_closes_a_kept_connection_with_421_is_rung_again() -> None:
    async with mail_server() as desk:
        channel = channel_to(desk)
        await channel.send(mail(1))
        desk.at_sender = ["421 idle for too long"]
        await channel.send(mail(2))
        assert (len(desk.taken), desk.connections) == (2, 2)


async def test_a_letter_above_the_servers_limit_is_refused_before_it_is_sent() -> None:
    async with mail_server(data_size_limit=100_000) as desk:
        channel = channel_to(desk)
        with pytest.raises(PermanentRefusal) as refusal:
            await channel.send(mail(1, size=300_000))
        await channel.send(mail(2, size=90_000))
        assert len(desk.taken) == 1
    assert refusal.value.reason == (
        "The letter is too large for the mail server: 294 KB; it takes 97 KB at most."
    )


async def test_a_server_that_says_so_only_when_asked_refuses_for_good_in_the_same_words() -> None:
    async with mail_server() as desk:
        desk.at_sender = ["552 5.3.4 message size exceeds fixed limit"]
        with pytest.raises(PermanentRefusal, match="too large for the mail server: 1 KB"):
            await channel_to(desk).send(mail())


# --- tokens ---------------------------------------------------------------------------------------


class TokenDesk(Desk):
    """A mail server that takes tokens and no passwords."""

    @auth_mechanism("XOAUTH2")
    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802
        said = b64decode(args[1]).split(b"\x01")
        known = said[:2] == [b"user=complaints@council.example", b"auth=Bearer a-good-token"]
        return AuthResult(success=known, handled=False, auth_data=said[0])


class Authority:
    """Who gives tokens: what it answers, and how often it was asked."""

    def __init__(self) -> None:
        self.url, self.asked = "", 0

    async def about(self, request: Request) -> JSONResponse:
        at = {"token_endpoint": f"{self.url}/token", "authorization_endpoint": f"{self.url}/auth"}
        return JSONResponse({"issuer": self.url, **at})

    async def token(self, request: Request) -> JSONResponse:
        self.asked += 1
        form = dict(parse_qsl((await request.body()).decode()))
        if (form["client_secret"], form["scope"]) != (GOOD, "mail/.default"):
            wrong = {
                "error": "invalid_client",
                "error_description": "AADSTS7000215: no such secret",
            }
            return JSONResponse(wrong, 401)
        return JSONResponse(
            {"access_token": "a-good-token", "token_type": "Bearer", "expires_in": 3600}
        )


@pytest.fixture
async def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Authority]:
    desk, issuer = Authority(), trustme.CA()
    issuer.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    own = issuer.issue_cert("localhost", "127.0.0.1")
    own.private_key_and_cert_chain_pem.write_to_path(tmp_path / "own.pem")
    app = Starlette(
        routes=[
            Route("/tenant/v2.0/.well-known/openid-configuration", desk.about),
            Route("/tenant/token", desk.token, methods=["POST"]),
        ]
    )
    async with serving(app, ssl_certfile=str(tmp_path / "own.pem")) as port:
        desk.url = f"https://localhost:{port}/tenant"
        yield desk


def tokens(authority: Authority, secret: str = GOOD) -> Tokens:
    return Tokens(authority.url, "our-app", secret, "mail/.default")


async def test_a_server_without_passwords_takes_a_token_which_is_kept(authority: Authority) -> None:
    ours: dict[str, Any] = {"tls": Tls.STARTTLS, "tls_context": trusting_tls()}
    asking = tokens(authority)
    async with mail_server(desk=TokenDesk(), tls_context=server_tls(), auth_required=True) as desk:
        for number in range(2):
            channel = channel_to(
                desk, username="complaints@council.example", token=asking.get, **ours
            )
            await channel.send(mail(number))
            await channel.close()
    assert (len(desk.taken), desk.connections, authority.asked) == (2, 2, 1)


async def test_a_secret_that_is_wrong_is_nobodys_bad_address_and_is_not_told(
    authority: Authority,
) -> None:
    with pytest.raises(TemporaryFailure, match="AADSTS7000215") as failure:
        await tokens(authority, "a wrong one").get()
    assert "a wrong one" not in failure.value.reason + repr(tokens(authority, "a wrong one"))


async def test_an_authority_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(TemporaryFailure, match="No token for the mail server"):
        await Tokens("https://localhost:1/tenant", "our-app", "x").get()
