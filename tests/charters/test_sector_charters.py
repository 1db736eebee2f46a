"""The sector codes that ship say what the codes say: every figure, the ladder, where else to turn."""

from __future__ import annotations

import pytest

from charters.files import find_charter, load_charter
from domain.charter.tables import Charter
from tests.domain.playing.stories import SECTORS

FIGURES = {
    "housing-code": {
        "HC-3/reason": "5 working days",
        "HC-1/acknowledge": "5 working days",
        "HC-1/reply": "10 working days",
        "HC-2/acknowledge": "5 working days",
        "HC-2/reply": "20 working days",
    },
    "local-government-code": {
        "LG-4/reason": "5 working days",
        "LG-1/acknowledge": "5 working days",
        "LG-1/reply": "10 working days",
        "LG-2/acknowledge": "5 working days",
        "LG-2/reply": "20 working days",
        "LG-3": "12 weeks",
    },
    "scottish-model": {
        "SM-4/reason": "5 working days",
        "SM-1": "5 working days",
        "SM-2/acknowledge": "3 working days",
        "SM-2/reply": "20 working days",
    },
    "financial-conduct": {
        "FC-3/reason": "5 working days",
        "FC-1": "3 working days",
        "FC-2/acknowledge": "5 working days",
        "FC-2/reply": "8 weeks",
    },
    "nhs-complaints": {
        "NH-1": "3 working days",
        "NH-2": "25 working days",
        "NH-3/reason": "5 working days",
    },
}
MORE_TIME = {
    "HC-1/reply": (1, "10 working days"),
    "HC-2/reply": (1, "20 working days"),
    "LG-1/reply": (1, "10 working days"),
    "LG-2/reply": (1, "20 working days"),
    "SM-1": (1, "5 working days"),
    "SM-2/reply": (2, "20 working days"),
    "NH-2": (12, "130 working days"),
}
LIMITS = {
    "LG-1/reply": "12 weeks",
    "LG-2/reply": "12 weeks",
    "LG-3": "12 weeks",
    "NH-2": "6 months",
}
FROM_THE_ACKNOWLEDGEMENT = {"HC-1/reply", "HC-2/reply", "LG-1/reply", "LG-2/reply"}
OMBUDSMEN = {
    "housing-code": "The Housing Ombudsman",
    "local-government-code": "The Local Government and Social Care Ombudsman",
    "scottish-model": "The Scottish Public Services Ombudsman (SPSO)",
    "financial-conduct": "The Financial Ombudsman Service",
    "nhs-complaints": "The Parliamentary and Health Service Ombudsman",
}
every_code = pytest.mark.parametrize("charter_id", SECTORS)


def shipped(charter_id: str) -> Charter:
    return load_charter(find_charter(charter_id))


@every_code
def test_the_figures_are_those_of_the_code(charter_id: str) -> None:
    promises = shipped(charter_id).promises

    assert {each.key: str(each.within.budget) for each in promises} == FIGURES[charter_id]
    assert {
        each.key: (each.extension.times, str(each.extension.at_most.budget))
        for each in promises
        if each.extension
    } == {key: more for key, more in MORE_TIME.items() if key in FIGURES[charter_id]}
    assert {each.key: str(each.limit.within.budget) for each in promises if each.limit} == {
        key: limit for key, limit in LIMITS.items() if key in FIGURES[charter_id]
    }


@every_code
def test_its_ids_are_numbered_without_a_gap_and_name_the_code(charter_id: str) -> None:
    charter = shipped(charter_id)
    rows = [(each.id, each.source) for each in charter.promises]
    rows += [(each.id, each.source) for each in charter.commitments]
    numbers = sorted({int(row.split("-")[1]) for row, _ in rows})

    assert numbers == list(range(1, len(numbers) + 1))
    assert len({row.split("-")[0] for row, _ in rows}) == 1
    assert {source for _, source in rows} == set(charter.charter.sources)


@every_code
def test_answers_are_counted_from_the_acknowledgement_where_the_code_says_so(
    charter_id: str,
) -> None:
    anchored = {p.key for p in shipped(charter_id).promises if p.starts[0].startswith("met:")}

    assert anchored == FROM_THE_ACKNOWLEDGEMENT & FIGURES[charter_id].keys()


@every_code
def test_the_ladder_ends_with_the_ombudsman_and_the_gate_to_them(charter_id: str) -> None:
    last = shipped(charter_id).stages[-1]

    assert last.external
    assert last.signpost
    assert last.signpost.name == OMBUDSMEN[charter_id]
    assert last.signpost.gate


@every_code
def test_staff_are_warned_and_reached_and_what_belongs_elsewhere_is_signposted(
    charter_id: str,
) -> None:
    charter = shipped(charter_id)
    wanted = {stage.role for stage in charter.stages if stage.role}

    assert all(promise.warn_before for promise in charter.promises)
    assert wanted | {"manager", "quality", "administrator", "post-room"} <= set(charter.mailboxes)
    assert all(".example" in address for address in charter.mailboxes.values())
    assert "data-protection" in {scope.topic for scope in charter.scope}
    assert charter.closing.after_last_reply
    assert charter.closing.reopen_within


@every_code
def test_stage_2_is_somebody_elses_and_only_the_scottish_one_is_entered_directly(
    charter_id: str,
) -> None:
    charter = shipped(charter_id)
    later = [stage for stage in charter.stages if not stage.external][1:]

    assert all(stage.independent for stage in later)
    assert [stage.opens for stage in later] == [charter_id == "scottish-model" for _ in later]


def test_days_are_counted_in_the_region_of_the_code() -> None:
    regions = {name: shipped(name).calendar.region for name in SECTORS}

    assert regions.pop("scottish-model") == "scotland"
    assert set(regions.values()) == {"england-and-wales"}
