"""Every way in which calendar, ladder, mailboxes and ids can fail is found, and named."""

from __future__ import annotations

import tomllib

import pytest

from domain.charter.checks.charter import faults
from domain.charter.tables import Charter
from tests.domain.charter.housing_code import GOOD, SIGNPOST, STAGE_2_WINDOW, assert_found, found_in

# case: (what stands in the good file, what stands there instead, table, key, what, allowed)
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    "an unknown region": (
        'region = "england-and-wales"',
        'region = "england"',
        "calendar",
        "region",
        "'england' is not a region",
        "england-and-wales, northern-ireland, scotland (did you mean",
    ),
    "an unknown time zone": (
        'region = "england-and-wales"',
        'region = "england-and-wales"\ntime-zone = "Europe/Lundon"',
        "calendar",
        "time-zone",
        "'Europe/Lundon'",
        "did you mean 'Europe/London'?",
    ),
    "a closure listed twice": (
        "[contact]",
        '[[calendar.closures]]\nday = 2026-12-29\nreason = "Again"\n[contact]',
        "calendar.closures[2]",
        "day",
        "2026-12-29 is listed twice",
        "each day once",
    ),
    "a window without an end": (
        STAGE_2_WINDOW,
        "entry = { while-case-open = true }",
        "stage[2] (manager)",
        "entry.within",
        "a window without an end",
        "within = { months = 1 }",
    ),
    "a first stage that the open case alone keeps open": (
        'role = "case-handler"',
        'role = "case-handler"\nentry = { while-case-open = true }',
        "stage[1] (case-handler)",
        "entry.within",
        "a window without an end",
        "within = { months = 1 }",
    ),
    "a last reply that silence never ends": (
        "after-last-reply = { working-days = 10 }",
        "reopen-within = { months = 1 }",
        "closing",
        "after-last-reply",
        "a window without an end",
        "working-days = 10",
    ),
    "a stage that nothing enters": (
        STAGE_2_WINDOW,
        "",
        "stage[2] (manager)",
        "entry",
        "nothing enters this stage",
        "within = { months = 1 }",
    ),
    "a window longer than the calendar": (
        STAGE_2_WINDOW,
        "entry = { within = { months = 30 } }",
        "stage[2] (manager)",
        "entry.within",
        "longer than the calendar",
        "at most 24 months",
    ),
    "a reopening longer than the calendar": (
        "after-last-reply = { working-days = 10 }",
        "after-last-reply = { working-days = 10 }\nreopen-within = { months = 36 }",
        "closing",
        "reopen-within",
        "longer than the calendar",
        "at most 24 months",
    ),
    "two stages of one id": (
        'id = "manager"',
        'id = "case-handler"',
        "stage[2] (case-handler)",
        "id",
        "names two stages",
        "an id of its own",
    ),
    "an external stage in the middle": (
        'title = "Stage 1"\nrole = "case-handler"',
        f'title = "Stage 1"\nexternal = true\n{SIGNPOST}',
        "stage[1] (case-handler)",
        "external",
        "before one of your own",
        "at the end of the ladder",
    ),
    "an external stage without a signpost": (
        SIGNPOST,
        "",
        "stage[3] (housing-ombudsman)",
        "signpost",
        "tells the customer nothing",
        "[stage.signpost]",
    ),
    "an external stage with a reviewer": (
        "external = true",
        'external = true\nrole = "manager"',
        "stage[3] (housing-ombudsman)",
        "role",
        "nobody here reviews",
        "no role",
    ),
    "an external stage that opens complaints": (
        "external = true",
        "external = true\nopens = true",
        "stage[3] (housing-ombudsman)",
        "opens",
        "outside the organisation",
        "leave it out",
    ),
    "an internal stage without a reviewer": (
        'role = "manager"',
        "",
        "stage[2] (manager)",
        "role",
        "nobody reviews",
        "case-handler, complaints-team, independent-assessor, manager",
    ),
    "a reviewer who does not review": (
        'role = "manager"',
        'role = "quality"',
        "stage[2] (manager)",
        "role",
        "quality does not review",
        "case-handler, complaints-team",
    ),
    "a next step after which none comes": (
        f'[[stage]]\nid = "housing-ombudsman"\ntitle = "The Housing Ombudsman"\nexternal = true\n{SIGNPOST}',
        "",
        "stage[2] (manager)",
        "reply",
        "after which none comes",
        "leave next-step out",
    ),
    "a reviewer without a mailbox": (
        'manager = "stage2@anytown-homes.example"',
        "",
        "mailboxes",
        "manager",
        "has no mailbox",
        "an e-mail address",
    ),
    "a topic signposted twice": (
        "[closing]",
        '[[scope]]\ntopic = "outcome"\nsignpost = { name = "a", text = "b" }\n' * 2 + "[closing]",
        "scope[2] (outcome)",
        "topic",
        "signposted twice",
        "each topic once",
    ),
    "a commitment of a promise's id": (
        "[closing]",
        '[[commitment]]\nid = "HO-1"\ntext = "x"\nsource = "housing-code"\nkept-by = "notice"\n[closing]',
        "commitment[1] (HO-1)",
        "id",
        "stands in this charter already",
        "an id of its own",
    ),
    "a commitment from a page that is not a source": (
        "[closing]",
        '[[commitment]]\nid = "HO-8"\ntext = "x"\nsource = "page"\nkept-by = "notice"\n[closing]',
        "commitment[1] (HO-8)",
        "source",
        "'page' is not one of",
        "housing-code",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_table_key_and_what_is_allowed(case: str) -> None:
    old, new, table, key, what, allowed = CASES[case]
    assert old in GOOD

    assert_found(GOOD.replace(old, new, 1), (table, key), what, allowed)


def test_a_sectors_code_needs_no_code_of_its_own() -> None:
    assert found_in(GOOD) == ()


def test_all_faults_are_found_at_once() -> None:
    text = (
        GOOD.replace('"england-and-wales"', '"mars"')
        .replace(STAGE_2_WINDOW, "")
        .replace(SIGNPOST, "")
    )

    assert [(fault.where, fault.key) for fault in found_in(text)] == [
        ("calendar", "region"),
        ("stage[2] (manager)", "entry"),
        ("stage[3] (housing-ombudsman)", "signpost"),
    ]


def test_a_charter_of_nothing_but_external_stages_is_refused() -> None:
    text = GOOD[: GOOD.index("[[stage]]")] + (
        f'[[stage]]\nid = "outside"\ntitle = "Outside"\nexternal = true\n{SIGNPOST}\n'
        "[closing]\nafter-last-reply = { working-days = 10 }\n"
    )

    (fault,) = found_in(text)

    assert (fault.where, fault.key) == ("stage", "external")


def test_without_names_to_compare_regions_and_time_zones_are_left_alone() -> None:
    text = GOOD.replace('"england-and-wales"', '"mars"')

    assert faults(Charter.model_validate(tomllib.loads(text))) == ()


@pytest.mark.parametrize(
    "written",
    ["Team <team@anytown.example>", "a@b.example; c@d.example", "team at b.example", "team@b..org"],
)
@pytest.mark.parametrize("where", ["mailboxes", "contact"])
def test_what_letters_cannot_be_sent_to_is_no_mailbox(where: str, written: str) -> None:
    tables = tomllib.loads(GOOD)
    key = next(each for each, value in tables[where].items() if "@" in value)
    tables[where][key] = written
    (fault,) = faults(Charter.model_validate(tables))
    assert (fault.where, fault.key) == (where, key)
    assert "is not an e-mail address" in str(fault)
