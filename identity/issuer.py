"""The embedded issuer: tokens for a machine of one's own, the demonstration, and small offices.

Owns its folder: the key (made on first use, for its owner's eyes alone), the keys as published, older ones for as
long as tokens of theirs live, and the people with their roles. Whoever can read the key can act as anybody: larger offices have an issuer of their own.
"""

from __future__ import annotations

import json
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
from identity.provider.kept import locked
from sealing.whole_files import write_whole

EMBEDDED: Final = "uphold:embedded"
"""The `iss` of its tokens."""
LIFE: Final = timedelta(hours=10)
"""A working day."""
_PUBLISHED: Final = 0o644
_SIGNED_UNTIL: Final = "signed_until"
"""Beside a published key: when the last of its tokens ends, in seconds since 1970."""
_HOUR, _CLOCKS = 3600, 60
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
        self._folder, self._secret = folder, folder / "key.json"
        with locked(folder):
            self._publish(_key_in(self._secret))
        if not self.people.exists():
            write_whole(self.people, _PEOPLE, mode=_PUBLISHED)

    def rotate(self, *, at_once: bool = False) -> datetime | None:
        """Sign with a new key from now on; says when the last token of an older one ends, if one lives.

        Until then the older ones stay published, unless they go `at_once`: whoever is logged in then is no longer.
        """
        with locked(self._folder):
            older = self._publish(_new_key(self._secret), forget=at_once)
        return max((datetime.fromtimestamp(each["exp"], UTC) for each in older), default=None)

    def _publish(
        self, key: OKPKey, ends: float = 0, *, forget: bool = False
    ) -> list[dict[str, Any]]:
        """Publish the key, whose tokens live until `ends` or longer, and return which older ones stay beside it."""
        text = self.keys.read_text(encoding="utf-8") if self.keys.exists() else '{"keys": []}'
        had = {each["kid"]: each for each in json.loads(text)["keys"]}
        was = had.pop(key.kid, {}).get(_SIGNED_UNTIL, 0)
        # In whole hours, so that it is not written anew for every token; clocks may lie apart.
        until = -int(-(ends + _CLOCKS) // _HOUR) * _HOUR if ends else 0
        older = [
            each | {"exp": each[_SIGNED_UNTIL]}
            for each in had.values()
            if each[_SIGNED_UNTIL] > time.time() and not forget
        ]
        mine = key.as_dict(private=False) | {_SIGNED_UNTIL: max(was, until)}
        now = json.dumps({"keys": [mine, *older]})
        if now != text:
            write_whole(self.keys, now, mode=_PUBLISHED)
        return older

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
        with locked(self._folder):
            key = _key_in(self._secret)  # another process may have made a new one
            self._publish(key, ends)
        token = jwt.encode({"alg": "Ed25519", "kid": key.kid}, claims, key, algorithms=["Ed25519"])
        return Issued(token, person, name, tuple(roles), datetime.fromtimestamp(ends, UTC))


def _key_in(file: Path) -> OKPKey:
    if not file.exists():
        return _new_key(file)
    return OKPKey.import_key(json.loads(file.read_text(encoding="utf-8")))


def _new_key(file: Path) -> OKPKey:
    key = OKPKey.generate_key("Ed25519", {"use": "sig"}, private=True, auto_kid=True)
    write_whole(file, json.dumps(key.as_dict(private=True)))
    return key
