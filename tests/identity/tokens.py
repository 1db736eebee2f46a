"""Tokens good and bad, and the keys that they are signed with.

Owns the list of everything that can be wrong with a token.
"""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from identity.keys import PublishedKeys
from identity.proving import Doorkeeper, Verifier

ISSUER = "https://login.council.example"
ALGORITHMS = {"OKP": "Ed25519", "EC": "ES256", "RSA": "RS256"}
HOUR = 3600


def new_key(kind: str = "OKP") -> Key:
    """A fresh key of that kind, named by its thumbprint."""
    if kind == "RSA":
        return RSAKey.generate_key(2048, private=True, auto_kid=True)
    if kind == "EC":
        return ECKey.generate_key("P-256", private=True, auto_kid=True)
    return OKPKey.generate_key("Ed25519", private=True, auto_kid=True)


def publish(file: Path, *keys: Key) -> None:
    """The keys, as their issuer publishes them now."""
    file.write_text(json.dumps({"keys": [key.as_dict(private=False) for key in keys]}))


def signed(key: Key, claims: dict[str, Any], **header: Any) -> str:
    """The claims, signed."""
    algorithm = ALGORITHMS[key.key_type]
    head = {"alg": algorithm, "kid": key.kid, **header}
    return jwt.encode(head, claims, key, algorithms=[algorithm])


def claims_for(actor: dict[str, Any], **other: Any) -> dict[str, Any]:
    """What a good token says of the actor; anything may be said otherwise, None is left out."""
    now = time.time()
    said = {
        "iss": ISSUER, "aud": "uphold", "sub": actor["id"], "name": actor["name"],
        "roles": [str(actor["role"])], "exp": now + HOUR, "nbf": now, "jti": "token-1",
    } | other  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


def door(keys: Path, *, required: bool = True, again_after: float = 0) -> Doorkeeper:
    """A door that trusts the issuer."""
    published = PublishedKeys(str(keys), timedelta(seconds=again_after))
    return Doorkeeper(Verifier(ISSUER, "uphold", published), required)


Faulty = Callable[[Key, dict[str, Any]], str]


def _other(**changed: Any) -> Faulty:
    return lambda key, actor: signed(key, claims_for(actor, **changed))


def _altered(key: Key, actor: dict[str, Any]) -> str:
    head, _, signature = signed(key, claims_for(actor)).split(".")
    _, body, _ = signed(key, claims_for(actor, jti="another")).split(".")
    return f"{head}.{body}.{signature}"


def _unsigned(key: Key, actor: dict[str, Any]) -> str:
    body = signed(key, claims_for(actor)).split(".")[1]
    return f"{_packed({'alg': 'none'})}.{body}."


def _by_secret(published: Callable[[Key], bytes]) -> Faulty:
    """By the public key, taken for a secret: what HS256 would let through."""

    def make(key: Key, actor: dict[str, Any]) -> str:
        body = signed(key, claims_for(actor)).split(".")[1]
        signing = f"{_packed({'alg': 'HS256', 'kid': key.kid})}.{body}"
        seal = hmac.digest(published(key), signing.encode(), "sha256")
        return f"{signing}.{urlsafe_b64encode(seal).rstrip(b'=').decode()}"

    return make


def _as_file(key: Key) -> bytes:
    assert not isinstance(key, OctKey)
    return key.as_pem(private=False)


def _packed(header: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


def _by_hand(**header: Any) -> Faulty:
    """Well signed, under a header that no library would write."""

    def make(key: Key, actor: dict[str, Any]) -> str:
        return jws.serialize_compact(
            {"alg": ALGORITHMS[key.key_type], "kid": key.kid} | header,
            json.dumps(claims_for(actor)).encode(),
            key,
            registry=_Careless(algorithms=[*ALGORITHMS.values()]),
        )

    return make


class _Careless(JWSRegistry):
    def check_header(self, header: Any) -> None:
        """Nothing is wrong with any."""


def _its_own(_: Key, actor: dict[str, Any]) -> str:
    own = new_key()
    return signed(own, claims_for(actor), jwk=own.as_dict(private=False))


FAULTS: dict[str, tuple[Faulty | None, str]] = {
    "none": (None, "No token proves"),
    "garbage": (lambda *_: "a.b.c", "cannot be read"),
    "unsigned": (_unsigned, "signed by 'none'"),
    "by a secret": (
        _by_secret(lambda key: json.dumps(key.as_dict(private=False)).encode()),
        "signed by 'HS256'",
    ),
    "by a secret that is a file": (
        _by_secret(_as_file),
        "signed by 'HS256'",
    ),
    "of another kind": (_by_hand(typ="logout+jwt"), "of another kind"),
    "asking for more": (_by_hand(crit=["exp"]), "more than is understood"),
    "expired": (_other(exp=time.time() - HOUR), "has expired"),
    "endless": (_other(exp=None), "until when"),
    "not yet valid": (_other(nbf=time.time() + HOUR), "not yet valid"),
    "foreign issuer": (_other(iss="https://elsewhere.example"), "foreign issuer"),
    "wrong audience": (_other(aud=["payroll"]), "another audience"),
    "altered": (_altered, "was altered"),
    "unknown key": (lambda _, actor: signed(new_key(), claims_for(actor)), "unknown key"),
    "bringing its key": (_its_own, "unknown key"),
    "without a role": (_other(roles=["tea-maker"]), "no role"),
    "for another complaint": (_other(complaint="ELSE-1"), "another complaint"),
    "without a subject": (_other(sub=None, name=None), "whom it is about"),
    "somebody else's": (_other(sub="n.body"), "not whom the token is about"),
    "under another name": (_other(name="N Body"), "not whom the token is about"),
}
"""Each fault: how it is made, and how it is named."""
NOT_THE_ACTOR = frozenset({"somebody else's", "under another name"})
"""What is wrong only where a message says who acts; an opening does not."""
