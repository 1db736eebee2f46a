"""A charter whose remedies nobody would hear of, or that are written wrongly, is refused with a hint."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from pydantic import ValidationError

from domain.charter.checks.charter import faults
from domain.charter.feature_tables import RemedyTerms
from domain.charter.tables import Charter
from domain.vocabulary import RemedyKind, Role
from tests.domain.charter.housing_code import GOOD


def checked(table: str) -> list[str]:
    charter = Charter.model_validate(tomllib.loads(f"{GOOD}\n{table}\n"))
    return [str(fault) for fault in faults(charter)]


def test_the_table_alone_is_enough() -> None:
    terms = RemedyTerms()
    assert {terms.within_for(kind).working_days for kind in RemedyKind} == {20}
    assert {terms.owner_role_for(kind) for kind in RemedyKind} == {Role.MANAGER}
    assert checked("[remedies]") == checked("")


def test_an_owner_without_a_mailbox_is_found_with_what_is_allowed() -> None:
    found = checked('[remedies]\nowner-role = { payment = "independent-assessor" }')
    (fault,) = [one for one in found if "remedies" in one]
    assert "payment: the role independent-assessor has no mailbox" in fault
    assert "manager" in fault


@pytest.mark.parametrize(
    "wrong",
    [
        {"within": {"gift": {"working-days": 5}}},
        {"within": {"payment": {"working-days": 0}}},
        {"within": {"payment": {"working-days": 5, "weeks": 1}}},
        {"owner-role": {"payment": "nobody"}},
        {"remind-every": 0},
        {"remind-before": 3},
        {"remind-often": True},
        {"after-missed": {}},
    ],
)
def test_what_is_no_term_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RemedyTerms.model_validate(wrong)
