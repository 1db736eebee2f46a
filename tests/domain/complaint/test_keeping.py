"""IS-13: how long a complaint is kept after its end, and who may erase one or keep it from being erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from charters.files import all_charters, load_charter
from domain.charter.checks.charter import faults
from domain.charter.feature_tables import RetentionTerms
from domain.complaint.commands import Actor
from domain.complaint.views.keeping import MAY, Keeping, due, kept_until, require_may
from domain.complaint.views.standings import Standing
from domain.errors import WrongRole
from domain.vocabulary import Role
from tests.ledger.samples import standing

SIX = RetentionTerms.model_validate({"after-end": {"years": 6}})
TEN_IF_UPHELD = RetentionTerms.model_validate(
    {"after-end": {"months": 18}, "by-outcome": {"upheld": {"years": 10}}}
)
ENDED = date(2026, 12, 4)


def ended(**changes: object) -> Standing:
    at = datetime(2026, 12, 4, 12, tzinfo=UTC)
    return replace(standing(9, state="closed", closed_at=at), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "outcome", "on", "until"),
    [
        (SIX, None, ENDED, date(2032, 12, 4)),
        (SIX, "upheld", date(2028, 2, 29), date(2034, 2, 28)),
        (TEN_IF_UPHELD, "upheld", ENDED, date(2036, 12, 4)),
        (TEN_IF_UPHELD, "not-upheld", ENDED, date(2028, 6, 4)),
        (TEN_IF_UPHELD, None, date(2026, 8, 31), date(2028, 2, 29)),
    ],
)
def test_is_13_a_complaint_is_kept_until_so_long_after_its_end(
    terms: RetentionTerms, outcome: str | None, on: date, until: date
) -> None:
    assert kept_until(terms, outcome, on) == until


def test_is_13_it_is_due_on_the_day_after_and_not_before() -> None:
    last = date(2032, 12, 4)
    assert due(ended(), ENDED, last, SIX, SIX) is None
    gone = due(ended(), ENDED, last + timedelta(days=1), SIX, SIX)
    assert gone
    assert gone.reason == (
        "The time for which it is kept was over on 4 December 2032, as charter financial-ombudsman says"
    )


def test_is_13_it_is_kept_for_the_longer_of_what_its_charter_says_and_said() -> None:
    later = date(2034, 1, 1)
    longer = RetentionTerms.model_validate({"after-end": {"years": 7}})
    for now, then, goes in (
        (SIX, SIX, True), (SIX, None, True), (longer, SIX, True),
        (SIX, RetentionTerms.model_validate({"after-end": {"years": 8}}), False),
        (RetentionTerms.model_validate({"after-end": {"years": 8}}), SIX, False),
        (None, SIX, False), (None, None, False),
    ):  # fmt: skip
        assert bool(due(ended(), ENDED, later, now, then)) is goes, (now, then)


def test_is_13_what_is_open_or_owes_a_remedy_is_never_due() -> None:
    late = date(2099, 1, 1)
    assert due(ended(), ENDED, late, SIX, SIX)
    assert due(ended(state="acknowledged"), ENDED, late, SIX, SIX) is None
    assert due(ended(remedies_owed=1), ENDED, late, SIX, SIX) is None
    owes_a_reason = ended(next_due=datetime(2026, 12, 9, 17, tzinfo=UTC))
    assert due(owes_a_reason, ENDED, late, SIX, SIX) is None


@pytest.mark.parametrize("act", Keeping)
@pytest.mark.parametrize("role", Role)
def test_is_13_only_the_roles_that_may_hold_release_and_erase(act: Keeping, role: Role) -> None:
    actor = Actor(id="x", name="X", role=role)
    if role in MAY[act]:
        require_may(act, actor)
        return
    with pytest.raises(WrongRole, match=f"may not {act} a complaint"):
        require_may(act, actor)


@pytest.mark.parametrize("charter_id", sorted(all_charters()))
def test_is_13_every_charter_says_how_long_and_nothing_goes_while_it_may_be_taken_up(
    charter_id: str,
) -> None:
    charter = load_charter(all_charters()[charter_id])
    assert charter.retention
    soon = RetentionTerms.model_validate({"after-end": {"months": 1}})
    found = faults(charter.model_copy(update={"retention": soon}))
    assert any("is over before heard-within" in str(each) for each in found)
