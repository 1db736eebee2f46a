"""Nothing waits without a clock: wherever a complaint stands, an answer to it is due or expected.

Owns the check that a charter leaves no such gap. Source: `000_2dfa29253c41a6cc.txt` (told when to expect a
response), `004_223f6b270ec16c9f.txt` (how long we think our work will take).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.charter.checks.faults import numbered
from domain.charter.tables import Charter, Promise, Stage
from domain.errors import CharterError
from domain.vocabulary import Channel, Correspondent, Trigger

_OPENED = {Trigger.RECEIVED, Trigger.STAGE_ENTERED}
_TAKEN_FURTHER = {Trigger.ESCALATED, Trigger.STAGE_ENTERED}
_REOPENED = {Trigger.REOPENED, Trigger.STAGE_ENTERED}


class _Where(NamedTuple):
    """Somebody's complaint at a stage, and how it came there."""

    stage: str
    channel: Channel
    correspondent: Correspondent
    ways: tuple[tuple[str, set[Trigger]], ...]


def waiting_faults(charter: Charter) -> Iterator[CharterError]:
    """A fault for each of the organisation's stages at which a complaint can wait with nothing due."""
    own = [
        (table, stage)
        for table, stage, _ in numbered("stage", charter.stages)
        if not stage.external
    ]
    for at, (table, stage) in enumerate(own):
        gaps = [gap for where in _places(stage, first=at == 0) for gap in _gaps(charter, where)]
        if gaps:
            how, channel, who = gaps[0]
            others = f" (and {len(gaps) - 1} more like it)" if len(gaps) > 1 else ""
            what = f"with nothing due, a complaint can wait here that was {how} by {channel}, from a {who}{others}"
            allowed = 'a [[promise]] with starts = ["stage-entered"] and meets = ["replied"]; with'
            allowed += " estimate = true where the page gives no figure"
            yield CharterError(table, "id", what, allowed)


def _places(stage: Stage, *, first: bool) -> Iterator[_Where]:
    ways = [("reopened", _REOPENED)]
    if first or stage.opens:
        ways.insert(0, ("opened", _OPENED))
    if not first:
        ways.append(("taken further", _TAKEN_FURTHER))
    for channel in Channel:
        for correspondent in Correspondent:
            yield _Where(stage.id, channel, correspondent, tuple(ways))


def _gaps(charter: Charter, where: _Where) -> Iterator[tuple[str, Channel, Correspondent]]:
    here = [each for each in charter.promises if _holds(each, where)]
    for how, triggers in where.ways:
        started = (each for each in here if triggers.intersection(each.starts))
        if not any(_leads_to_an_answer(each, here, ()) for each in started):
            yield how, where.channel, where.correspondent


def _holds(promise: Promise, where: _Where) -> bool:
    """Whether the promise is made there, whatever becomes of the case and whatever is agreed."""
    return (
        (not promise.stages or where.stage in promise.stages)
        and (not promise.channels or where.channel in promise.channels)
        and (not promise.correspondents or where.correspondent in promise.correspondents)
        and where.correspondent not in promise.exempt
        and promise.while_deciding is None
    )


def _leads_to_an_answer(promise: Promise, here: list[Promise], seen: tuple[str, ...]) -> bool:
    """Whether its clock runs, or another one after it, until there is a full answer."""
    if promise.key in seen or promise.once or promise.repeats:
        return False
    seen = (*seen, promise.key)
    if promise.gives_way_to:
        others = [each for each in here if each.key == promise.gives_way_to]
        return any(_leads_to_an_answer(each, here, seen) for each in others)
    if not {Trigger.REPLIED, Trigger.CLOSED}.issuperset(promise.until):
        return False
    following = [each for each in here if f"met:{promise.key}" in each.starts]
    goes_on = any(_leads_to_an_answer(each, here, seen) for each in following)
    return goes_on or set(promise.meets) == {Trigger.REPLIED}
