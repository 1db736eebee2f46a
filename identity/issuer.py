"""The embedded issuer: tokens for a machine of one's own, the demonstration, and small offices.

Owns its folder: the key (made on first use, for its owner's eyes alone), the keys as published, and the people
with their roles. Whoever can read the key can act as anybody: larger offices have an issuer of their own.
"""

from __future__ import annotations

import json
import os
import time
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import OKPKey

from domain.errors import UpholdError
from domain.vocabulary import Role

EMBEDDED: Final = "uphold:embedded"
"""The `iss` of its tokens."""
LIFE: Final = timedelta(hours=10)
"""A working day."""
_PRIVATE: Final = 0o600
_PEOPLE: Final = """\
# Who may act, and as what. `uphold login ID` gives one of them a token.
[people]
"m.rees" = { name = "M Rees", roles = ["manager"] }
"h.jones" = { name = "H Jones", roles = ["case-handler"] }
"t.okafor" = { name = "T Okafor", roles = ["complaints-team"] }
"i.brandt" = { name = "I Brandt", roles = ["independent-assessor"] }
"q.lowe" = { name = "Q Lowe", roles = ["quality"] }
"a.clerk" = { name = "A Clerk", roles = ["administrator"] }
"intake" = { name = "The web form", roles = ["upstream-app"] }
"""


class UnknownPerson(UpholdError):
    """The file of people does not name them, or says something that cannot be read."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, and what it says."""

    token: str
    id: str
    name: str
    roles: tuple[Role, ...]
    until: datetime


class Issuer:
    """Signs tokens with the key in a folder."""

    def __init__(self, folder: Path) -> None:
        """The folder, its key and a first file of people are made where they are missing."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.keys, self.people = folder / "keys.json", folder / "people.toml"
        self._key = _key_in(folder / "key.json")
        public = json.dumps({"keys": [self._key.as_dict(private=False)]})
        if not self.keys.exists() or self.keys.read_text(encoding="utf-8") != public:
            _write(self.keys, public, mode=0o644)
        if not self.people.exists():
            _write(self.people, _PEOPLE, mode=0o644)

    def listed(self) -> dict[str, tuple[str, tuple[Role, ...]]]:
        """Name and roles of everybody in the file, by id. Raises `UnknownPerson` for what is wrong there."""
        try:
            table = tomllib.loads(self.people.read_text(encoding="utf-8"))["people"]
            found: dict[str, tuple[str, tuple[Role, ...]]] = {
                each: (str(said["name"]), tuple(Role(role) for role in said["roles"]))
                for each, said in table.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise UnknownPerson(
                f'{self.people}: {error}. Each is written "ID" = {{ name = "NAME", roles = ["ROLE"] }}'
                f" below [people]. Roles: {', '.join(Role)}."
            ) from None
        return found

    def login(self, person: str, *, complaint: str | None = None, life: timedelta = LIFE) -> Issued:
        """A token for somebody in the file, for one complaint where that is named. Raises `UnknownPerson`."""
        listed = self.listed()
        if person not in listed:
            raise UnknownPerson(
                f"{self.people} does not name {person}. It names: {', '.join(listed) or 'nobody'}."
            )
        name, roles = listed[person]
        return self.issue(person, name, roles, complaint=complaint, life=life)

    def issue(
        self,
        person: str,
        name: str,
        roles: tuple[Role, ...],
        *,
        complaint: str | None = None,
        life: timedelta = LIFE,
    ) -> Issued:
        """A token for whoever that is, listed or not."""
        now = int(time.time())
        ends = now + int(life.total_seconds())
        claims: dict[str, Any] = {
            "iss": EMBEDDED, "aud": "uphold", "sub": person, "name": name, "roles": [*map(str, roles)],
            "iat": now, "nbf": now, "exp": ends, "jti": uuid4().hex,
        }  # fmt: skip
        if complaint:
            claims["complaint"] = complaint
        header = {"alg": "Ed25519", "kid": self._key.kid}
        token = jwt.encode(header, claims, self._key, algorithms=["Ed25519"])
        return Issued(token, person, name, tuple(roles), datetime.fromtimestamp(ends, UTC))


def keep(token: str, file: Path) -> None:
    """Write the token where only its owner reads it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(file, token + "\n", mode=_PRIVATE)


def _key_in(file: Path) -> OKPKey:
    if not file.exists():
        key = OKPKey.generate_key("Ed25519", {"use": "sig"}, private=True, auto_kid=True)
        _write(file, json.dumps(key.as_dict(private=True)), mode=_PRIVATE)
    return OKPKey.import_key(json.loads(file.read_text(encoding="utf-8")))


def _write(file: Path, text: str, *, mode: int) -> None:
    """All of it or nothing, and at no moment readable by more than `mode` says."""
    fresh = file.with_name(f".{file.name}.{uuid4().hex}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as opened:
        opened.write(text)
    fresh.replace(file)
