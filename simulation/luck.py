"""Luck: the same complaint has the same luck, whatever charter, staff or order it meets.

Owns the streams of common random numbers: a draw is keyed by the seed, the complaint's number and
what it is for, never by how many draws came before. No generator is shared, so nothing that one
complaint does moves the luck of another.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

from domain.vocabulary import Role

_KEY = Struct("<qqq")
_OF_ARRIVAL, _OF_STAGE, _OF_WEEK, _ONE = Struct("<4I"), Struct("<11I"), Struct("<7I"), Struct("<I")
_UNIT = 2.0**-32
_ABSENCE = -1
_PEOPLE_OF_A_ROLE = 1 << 32

# What each draw of a stage is for.
ACKNOWLEDGE, INTRODUCE, REPLY, CONTACT = range(4)
PAUSE, PAUSED_FOR, EXTEND = range(4, 7)
WRITE_AGAIN, WRITES_AFTER, CHOICE, CHOOSES_AFTER = range(7, 11)
# What each draw of an arrival is for.
ARRIVAL, CHANNEL, CORRESPONDENT, STAGE = range(4)

Draws = tuple[float, ...]


class Luck:
    """Every draw of one seed: numbers above 0 and below 1."""

    __slots__ = ("_seed",)

    def __init__(self, seed: int) -> None:
        """`seed` is any whole number; the same one gives the same luck on every machine."""
        self._seed = blake2b(str(seed).encode(), digest_size=32).digest()

    def of_arrival(self, number: int) -> Draws:
        """How and when complaint `number` comes."""
        return self._draws(_OF_ARRIVAL, number, -1, 0)

    def of_stage(self, number: int, rung: int) -> Draws:
        """What becomes of complaint `number` at a rung of the ladder, counted from 0."""
        return self._draws(_OF_STAGE, number, rung, 0)

    def of_update(self, number: int, rung: int, count: int) -> float:
        """How long the update of that number takes."""
        return self._draws(_ONE, number, rung, 1 + count)[0]

    def of_absence(self, role: Role, person: int, week: int) -> Draws:
        """Which days of a week of the simulation somebody is away: one draw a day, from its first."""
        place = list(Role).index(role) * _PEOPLE_OF_A_ROLE + person
        return self._draws(_OF_WEEK, _ABSENCE, place, week)

    def _draws(self, shape: Struct, number: int, rung: int, count: int) -> Draws:
        key = _KEY.pack(number, rung, count)
        found = shape.unpack(blake2b(key, digest_size=shape.size, key=self._seed).digest())
        return tuple([(each + 0.5) * _UNIT for each in found])
