"""The page on writing charters names every key and word that a charter file may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from charters.files import all_charters, load_charter
from domain.charter.feature_tables import (
    ConflictTerms,
    DeliveryTerms,
    InformationTerms,
    PreferenceTerms,
    RemedyTerms,
    RepresentationTerms,
    RestrictionTerms,
    SampleCheck,
    SampleTerms,
    Service,
    VisitTerms,
)
from domain.charter.tables import (
    ClosingTerms,
    Commitment,
    ContactTerms,
    Entry,
    ExtensionTerm,
    Identity,
    Promise,
    ReplyPart,
    Signpost,
    Stage,
)
from domain.charter.terms import CalendarTerms, Term, Within
from domain.vocabulary import NOT_YET, ContactKind, KeptBy, Missing, Topic, Trigger

PAGE = (Path(__file__).parents[3] / "docs" / "charters.md").read_text(encoding="utf-8")
TABLES: tuple[type[Term], ...] = (
    CalendarTerms, ClosingTerms, Commitment, ContactTerms, Entry, ExtensionTerm, Identity, Promise,
    ConflictTerms, DeliveryTerms, InformationTerms, PreferenceTerms, RepresentationTerms, RestrictionTerms, SampleCheck,
    SampleTerms, Service, Signpost, Stage, VisitTerms, Within, RemedyTerms, RemedyTerms,
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_table_is_explained(table: type[Term]) -> None:
    keys = {str(field.alias) for field in table.model_fields.values()}

    assert {key for key in keys if key not in PAGE} == set()


@pytest.mark.parametrize("words", [KeptBy, ReplyPart, Topic, Trigger, ContactKind, Missing])
def test_every_word_of_a_closed_list_is_explained(
    words: type[KeptBy | ReplyPart | Topic | Trigger | ContactKind | Missing],
) -> None:
    assert {str(word) for word in words if str(word) not in PAGE} == set()


def test_the_readme_names_every_commitment_that_is_not_kept_yet() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    for path in all_charters().values():
        late = [each.id for each in load_charter(path).commitments if each.kept_by in NOT_YET]
        assert [each for each in late if each not in readme] == []
