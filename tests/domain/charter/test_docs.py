"""The page on writing charters names every key and word that a charter file may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.charter.feature_tables import (
    ConflictTerms,
    DeliveryTerms,
    InformationTerms,
    PreferenceTerms,
    RemedyTerms,
    RepresentationTerms,
    RestrictionTerms,
    RetentionTerms,
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
from domain.charter.terms import CalendarTerms, Within
from domain.vocabulary import ContactKind, KeptBy, Missing, Topic, Trigger
from domain.wire import Term

PAGE = (Path(__file__).parents[3] / "docs" / "charters.md").read_text(encoding="utf-8")
TABLES: tuple[type[Term], ...] = (
    CalendarTerms, ClosingTerms, Commitment, ContactTerms, Entry, ExtensionTerm, Identity, Promise,
    ConflictTerms, DeliveryTerms, InformationTerms, PreferenceTerms, RepresentationTerms, RestrictionTerms, RetentionTerms, SampleCheck,
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
