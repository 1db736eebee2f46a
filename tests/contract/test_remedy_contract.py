"""The wire contract of remedies, word for word: renaming anything in it fails here."""

from __future__ import annotations

from pathlib import Path

from temporalio import workflow

from domain.complaint.features.remedies.remedy_commands import REMEDY_VERBS
from domain.vocabulary import RemedyKind, RemedyState
from starter import contract
from starter.contract import remedy_of, remedy_workflow_id
from starter.remedy_listing import RemedyFilters, to_remedy_query
from workflows import remedies
from workflows.remedy import RemedyWorkflow

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
VERBS = {
    "accept_remedy": {"command_id", "actor"},
    "do_remedy": {"command_id", "actor", "how"},
    "refuse_remedy": {"command_id", "actor", "reason"},
    "reassign_remedy": {"command_id", "actor", "owner"},
    "postpone_remedy": {"command_id", "actor", "new_due", "reason"},
}


def test_the_verbs_of_a_remedy_and_their_fields_stay() -> None:
    assert {verb: set(model.model_fields) for verb, model in REMEDY_VERBS.items()} == VERBS
    assert all(f"`{verb}`" in PAGE for verb in VERBS)


def test_the_names_by_which_a_remedy_is_reached_stay() -> None:
    assert contract.REMEDY_TYPE == remedies.WORKFLOW_TYPE == "Remedy"
    assert remedies.STARTING_TYPE == "RemediesStart"
    assert remedy_workflow_id("FO-1", 2) == remedies.remedy_id("FO-1", 2) == "remedy:FO-1/2"
    assert remedy_of("remedy:FO-1/2") == ("FO-1", 2)
    assert contract.REMEDY_KIND_MEMO == remedies.KIND_MEMO
    definition = workflow._Definition.must_from_class(RemedyWorkflow)
    assert definition.name == "Remedy"
    assert set(definition.updates) == set(VERBS)
    assert {"status"} <= set(definition.queries)


def test_the_words_of_remedies_stay() -> None:
    assert [str(state) for state in RemedyState] == ["owed", "accepted", "done", "refused"]
    assert [str(kind) for kind in RemedyKind] == [
        "apology", "payment", "correction", "service-change", "recommendation",
    ]  # fmt: skip
    assert all(f"`{kind}`" in PAGE for kind in RemedyKind)


def test_the_lists_on_the_page_are_those_of_the_client() -> None:
    assert to_remedy_query(RemedyFilters(overdue=True)) in PAGE
    of_one = to_remedy_query(RemedyFilters(reference="FO-2026-000123", settled=True))
    assert of_one.rpartition(" AND ")[2] in PAGE
