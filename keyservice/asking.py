"""Who asks the key service, and which complaints they may read.

Owns the rule: staff read every complaint; an upstream app reads those that it opened, and the one that its token
names; a customer reads none here, whose app asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.errors import Unproven, WrongRole
from domain.vocabulary import Role
from identity.claims import named_in
from identity.header import LONGEST
from identity.proving import OF_ONE, Bearer, Doorkeeper

READERS: Final = tuple(role for role in Role if role not in OF_ONE | {Role.UPSTREAM_APP})
"""Who reads every complaint: staff."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, as their token proves."""

    bearer: Bearer | None = None
    """None where nobody has to prove anything."""
    issuer: str = ""
    token: str = ""
    """The token's id."""

    @property
    def who(self) -> str:
        """Their id; empty for a customer or a representative, of whom nothing is kept here."""
        if self.bearer is None or OF_ONE.issuperset(self.bearer.roles):
            return ""
        return self.bearer.person.id

    @property
    def roles(self) -> str:
        """Their roles, in words."""
        return ", ".join(self.bearer.roles) if self.bearer else ""

    @property
    def reads_only_own(self) -> bool:
        """Whether it matters to them who opened a complaint: they are an app, and their token names none."""
        if self.bearer is None or self.bearer.complaint is not None:
            return False
        return Role.UPSTREAM_APP in self.bearer.roles and not set(READERS) & {*self.bearer.roles}

    def is_app_of(self, made_for: tuple[str, str] | None) -> bool:
        """Whether a key that was made for that issuer's id was made for them, or a complaint opened by them."""
        return bool(self.who) and made_for == (self.issuer, self.who)

    def role_for(self, reference: str, *, own: bool) -> str:
        """The role in which they may read that complaint; empty where nobody has to prove one.

        `own` is whether they open it, or did. Raises `WrongRole`.
        """
        if self.bearer is None:
            return ""
        if self.bearer.complaint not in {None, reference}:
            raise WrongRole("The token is for another complaint.")
        for role in self.bearer.roles:
            if role in READERS:
                return role
        if Role.UPSTREAM_APP not in self.bearer.roles:
            raise WrongRole(f"The role {self.roles} reads nothing here.", f"Allowed: {_ALLOWED}.")
        if not own and self.bearer.complaint is None:
            raise WrongRole(
                f"An upstream app reads complaints that it opened, and {reference or 'this'} is none of them.",
                "Allowed: a token whose claim `complaint` names it.",
            )
        return Role.UPSTREAM_APP


_ALLOWED: Final = ", ".join((*READERS, Role.UPSTREAM_APP))


def asker_of(door: Doorkeeper, authorization: str | None) -> Asker:
    """Whoever sends that header. Raises `Unproven`; may read the issuer's keys anew, and wait for them."""
    token = None
    if authorization is not None:
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST:
            raise Unproven("The header Authorization holds no token.", "Allowed: `Bearer TOKEN`.")
    bearer = door.proven(token)
    if token is None or bearer is None:
        return Asker()
    return Asker(bearer, *named_in(token))
