"""A charter and its calendar, pinned together and made ready for deciding.

Owns the packed form that travels in a workflow's history and the look-ups that decisions need.
The same bytes always give the same rules, whatever packages are installed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from pydantic import TypeAdapter

from domain.calendar.budget import Budget
from domain.calendar.pinned import Calendar
from domain.charter.feature_tables import Service
from domain.charter.tables import Charter, Promise, Stage
from domain.charter.terms import Within
from domain.charter.translations import pinned_translations
from domain.errors import WrongStage
from domain.packing import canonical, pack_json, unpack_json
from domain.vocabulary import Role, Trigger

_CALENDAR: TypeAdapter[Calendar] = TypeAdapter(Calendar)


@dataclass(frozen=True, slots=True, eq=False)
class PromiseRule:
    """One promise of the charter with its budgets counted out and its words made into sets."""

    promise: Promise
    key: str
    budget: Budget
    after_missed: Budget
    warn_before: Budget | None
    limit: Budget | None
    extension: Budget | None
    meets: frozenset[str]
    until: frozenset[str]
    stages: frozenset[str]
    repeats: bool
    restarts: bool
    pauses: bool
    agreed: bool
    """Whether an interval that was agreed with the customer goes before the charter's own."""
    while_case_open: bool
    estimate: bool
    binding: bool
    """Whether it is a promise, and no estimate or chance, which may pass."""
    of_the_reply: bool
    """Whether it promises the full reply: what an acknowledgement meets as well is not about that, and
    what gives way to another is not the last."""


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """Everything that decisions on a complaint rest on; never changes under a running one."""

    charter: Charter
    calendar: Calendar
    digest: str
    """Names charter and calendar together: equal ones, equal digest."""
    charter_digest: str = field(repr=False)
    promises: dict[str, PromiseRule] = field(repr=False)
    starting: dict[str, tuple[PromiseRule, ...]] = field(repr=False)
    ladder: tuple[Stage, ...] = field(repr=False)
    stages: dict[str, Stage] = field(repr=False)
    following: dict[str, Stage | None] = field(repr=False)
    """The next internal stage of each."""
    services: dict[str, Service] = field(repr=False)
    after_last_reply: Budget | None = None
    reopen_within: Budget | None = None
    discretion_within: Budget | None = None
    heard_within: Budget | None = None
    given: bytes | None = field(default=None, repr=False)

    @property
    def packed(self) -> bytes:
        """As `pack` gives it: what it was unpacked from, or made when somebody asks."""
        return self.given or pack(self.charter, self.calendar)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Rules) and self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    def stage(self, stage_id: str) -> Stage:
        """The stage of that id. Raises `WrongStage` naming the stages there are."""
        stage = self.stages.get(stage_id)
        if stage:
            return stage
        raise WrongStage(
            f"{self.charter.id} has no stage {stage_id!r}.",
            f"Stages: {', '.join(stage.id for stage in self.charter.stages)}.",
        )

    def next_stage(self, stage_id: str) -> Stage | None:
        """The next internal stage of the ladder, or none after the last."""
        return self.following[stage_id]

    def mailbox(self, role: Role | None) -> str | None:
        """The role's mailbox, or none where the charter names none."""
        return self.charter.mailboxes.get(role) if role else None


def pack(charter: Charter, calendar: Calendar) -> bytes:
    """Return charter and calendar as compressed canonical JSON; equal values give equal bytes.

    What the quality team asks of a sample is left out, what is kept by a rule and not by a clock,
    and translations that no letter needs: no decision on a complaint rests on them.
    """
    kept = charter.model_copy(update={"translations": pinned_translations(charter)})
    content = {
        "charter": kept.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"sample", "commitments"}
        ),
        "calendar": _CALENDAR.dump_python(calendar, mode="json"),
    }
    return pack_json(canonical(content))


def _digest_of(charter_digest: str, calendar: dict[str, Any]) -> str:
    return hashlib.sha256(charter_digest.encode() + canonical(calendar)).hexdigest()[:16]


@lru_cache(maxsize=256)
def unpack(packed: bytes) -> Rules:
    """Return the rules that `pack` packed; the same object for the same bytes."""
    content: dict[str, Any] = json.loads(unpack_json(packed))
    charter_digest = hashlib.sha256(canonical(content["charter"])).hexdigest()
    charter = Charter.model_validate(content["charter"])
    promises = {promise.key: _rule(promise) for promise in charter.promises}
    starting: dict[str, list[PromiseRule]] = {}
    for rule in promises.values():
        for anchor in rule.promise.starts:
            starting.setdefault(anchor, []).append(rule)
    ladder = tuple(stage for stage in charter.stages if not stage.external)
    return Rules(
        charter=charter,
        calendar=_shared(_CALENDAR.validate_python(content["calendar"], strict=False)),
        digest=_digest_of(charter_digest, content["calendar"]),
        charter_digest=charter_digest,
        given=packed,
        promises=promises,
        starting={anchor: tuple(rules) for anchor, rules in starting.items()},
        ladder=ladder,
        stages={stage.id: stage for stage in charter.stages},
        following={s.id: after for s, after in zip_longest(ladder, ladder[1:]) if s},
        services={service.id: service for service in charter.services},
        after_last_reply=_budget(charter.closing.after_last_reply),
        reopen_within=_budget(charter.closing.reopen_within),
        heard_within=_budget(charter.closing.heard_within),
        discretion_within=_budget(
            charter.closing.discretion_within or charter.closing.reopen_within
        ),
    )


@lru_cache(maxsize=256)
def _shared(calendar: Calendar) -> Calendar:
    """The first calendar that equals this one, so that equal ones need not be compared again."""
    return calendar


def _rule(promise: Promise) -> PromiseRule:
    return PromiseRule(
        promise=promise,
        key=promise.key,
        budget=promise.within.budget,
        after_missed=(promise.after_missed or promise.within).budget,
        warn_before=_budget(promise.warn_before),
        limit=_budget(promise.limit.within if promise.limit else None),
        extension=_budget(promise.extension.at_most if promise.extension else None),
        meets=frozenset(promise.meets),
        until=frozenset(promise.until),
        stages=frozenset(promise.stages),
        repeats=promise.repeats,
        restarts=promise.restarts,
        pauses=promise.pauses,
        agreed=promise.interval == "agreed",
        while_case_open=promise.while_case_open,
        estimate=promise.estimate,
        binding=promise.binding,
        of_the_reply=Trigger.REPLIED in promise.meets
        and Trigger.ACKNOWLEDGED not in promise.meets
        and promise.gives_way_to is None
        and not promise.repeats,
    )


def _budget(within: Within | None) -> Budget | None:
    return within.budget if within else None


@lru_cache(maxsize=256)
def with_closures(rules: Rules, days: tuple[date, ...], reason: str) -> Rules:
    """The same rules under a calendar in which these days are closed as well."""
    calendar = closed_on(rules.calendar, days, reason)
    if calendar is rules.calendar:
        return rules
    dumped = _CALENDAR.dump_python(calendar, mode="json")
    digest = _digest_of(rules.charter_digest, dumped)
    return replace(rules, calendar=_shared(calendar), digest=digest, given=None)


def name_of(reason: str) -> str:
    """As what a day that is closed for that reason stands in proofs and letters, which go on after it."""
    return reason.strip().rstrip(".")


def closed_on(calendar: Calendar, days: tuple[date, ...], reason: str) -> Calendar:
    """The calendar with these days closed; days that it does not hold are left out."""
    known = dict(calendar.closures)
    name = name_of(reason)
    new = {day: name for day in days if calendar.first_day <= day <= calendar.last_day}
    added = sorted(new.keys() - known.keys())
    if not added:
        return calendar
    version = f"{calendar.version} closed {', '.join(day.isoformat() for day in added)}"
    return replace(calendar, closures=tuple(sorted((new | known).items())), version=version)


def still_closed(rules: Rules, closures: tuple[tuple[tuple[date, ...], str], ...]) -> Rules:
    """The same rules with every closure that was applied to a complaint, each its days and reason."""
    for days, reason in closures:
        rules = with_closures(rules, days, reason)
    return rules
