"""Random streams: the same complaint draws the same numbers, whatever charter, staff or order it meets.

Owns the common random numbers: a draw is keyed by the seed, the complaint's number and what it is
for, never by how many draws came before. No generator is shared, so nothing that one complaint does
moves the draws of another.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

from domain.vocabulary import Role

_KEY = Struct("<qqq")
_OF_ARRIVAL, _OF_STAGE, _OF_WEEK, _ONE = Struct("<4I"), Struct("<11I"), Struct("<7I"), Struct("<I")
_UNIT = 2.0**-32
_ABSENCE = -1
_PEOPLE_OF_A_ROLE = 1 << 32


class ArrivalDraws(NamedTuple):
    """When and how one complaint comes."""

    arrival: float
    channel: float
    correspondent: float
    stage: float


class StageDraws(NamedTuple):
    """What becomes of one complaint at one stage: how long each task takes, and who does what."""

    acknowledge: float
    introduce: float
    reply: float
    contact: float
    pause: float
    paused_for: float
    extend: float
    write_again: float
    writes_after: float
    choice: float
    chooses_after: float


class RandomStreams:
    """Every draw of one seed: numbers above 0 and below 1."""

    __slots__ = ("_streams",)

    def __init__(self, seed: int) -> None:
        """`seed` is any whole number; the same one gives the same draws on every machine."""
        key = blake2b(str(seed).encode(), digest_size=32).digest()
        shapes = (_OF_ARRIVAL, _OF_STAGE, _OF_WEEK, _ONE)
        self._streams = {shape: blake2b(digest_size=shape.size, key=key) for shape in shapes}

    def of_arrival(self, number: int) -> ArrivalDraws:
        """How and when complaint `number` comes."""
        return ArrivalDraws._make(self._draws(_OF_ARRIVAL, number, -1, 0))

    def of_stage(self, number: int, rung: int) -> StageDraws:
        """What becomes of complaint `number` at a rung of the ladder, counted from 0."""
        return StageDraws._make(self._draws(_OF_STAGE, number, rung, 0))

    def of_update(self, number: int, rung: int, count: int) -> float:
        """How long the update of that number takes."""
        return self._draws(_ONE, number, rung, 1 + count)[0]

    def of_absence(self, role: Role, person: int, week: int) -> list[float]:
        """Which days of a week of the simulation somebody is away: one draw a day, from its first."""
        place = list(Role).index(role) * _PEOPLE_OF_A_ROLE + person
        return self._draws(_OF_WEEK, _ABSENCE, place, week)

    def _draws(self, shape: Struct, number: int, rung: int, count: int) -> list[float]:
        stream = self._streams[shape].copy()
        stream.update(_KEY.pack(number, rung, count))
        return [(each + 0.5) * _UNIT for each in shape.unpack(stream.digest())]
