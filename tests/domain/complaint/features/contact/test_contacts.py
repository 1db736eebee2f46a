"""Whatever comes in while a complaint is open has the clocks that its charter publishes, and no others.

A voicemail, an e-mail, a letter, a form, a visit, a request to be called back, an MP's letter: under each
of the four published pages.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.domain.playing.stories import Story

SORTS: dict[str, dict[str, str]] = {
    "voicemail": {"channel": "phone", "contact_kind": "voicemail"},
    "call-back": {"channel": "phone", "contact_kind": "call-back"},
    "call": {"channel": "phone", "contact_kind": "call"},
    "e-mail": {"channel": "email"},
    "letter": {"channel": "letter"},
    "form": {"channel": "web-form"},
    "visit": {"channel": "visit"},
    "mp-letter": {"channel": "letter", "from_whom": "mp"},
}
IN_WRITING = ("e-mail", "letter", "form")
BY_PHONE = ("voicemail", "call-back", "call")
TO_RETURN = ("voicemail", "call-back")
DUE: dict[str, dict[str, dict[str, date]]] = {
    "insolvency-service": {
        **{sort: {"IS-2/contact": date(2026, 10, 26)} for sort in IN_WRITING},
        "mp-letter": {"IS-3/contact": date(2026, 11, 2)},
    },
    "financial-ombudsman": {
        sort: {"FO-3": date(2026, 10, 7)} for sort in ("voicemail", "call-back", "e-mail")
    },
    "customer-promise": {
        **{sort: {"CP-1/contact": date(2026, 10, 8)} for sort in BY_PHONE},
        "form": {"CP-2/contact": date(2026, 10, 8)},
        "visit": {"CP-3/contact": date(2026, 10, 8)},
        "e-mail": {"CP-5/contact": date(2026, 10, 19)},
        "letter": {"CP-6/contact": date(2026, 10, 19)},
        "mp-letter": {"CP-6/contact": date(2026, 10, 19)},
    },
    "casework-standards": {
        **{sort: {"CS-3/contact": date(2026, 10, 6)} for sort in TO_RETURN},
        "e-mail": {"CS-1/contact": date(2026, 10, 7), "CS-2/contact": date(2026, 10, 19)},
    },
}
"""What each page promises of what comes in on Monday 5 October 2026; it promises nothing else."""

PROMISED = [
    (charter, sort, promise)
    for charter, sorts in DUE.items()
    for sort, promises in sorts.items()
    for promise in promises
]


def came(charter: str, sort: str) -> Story:
    """A complaint on which something of that sort comes in at once."""
    return Story(charter).do("record_contact", **SORTS[sort])


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("charter", DUE)
def test_everything_that_comes_in_has_the_clocks_of_its_page(charter: str, sort: str) -> None:
    story = came(charter, sort)
    running = {c.promise: story.due(c.promise) for c in story.complaint.clocks if c.contact}
    assert running == DUE[charter].get(sort, {})


@pytest.mark.parametrize(("charter", "sort", "promise"), PROMISED)
def test_each_is_met_by_the_answer_in_time(charter: str, sort: str, promise: str) -> None:
    verb = "return_call" if promise == "CS-3/contact" else "answer_contact"
    story = came(charter, sort)
    if sort == "mp-letter":
        story.do("name_representative", representative={"kind": "mp", "name": "A Member"})
    story.do(verb, contact=1)
    assert story.states(promise) == ["met"]


@pytest.mark.parametrize(("charter", "sort", "promise"), PROMISED)
def test_each_is_warned_of_and_then_missed_with_an_apology(
    charter: str, sort: str, promise: str
) -> None:
    story = came(charter, sort).at("2026-11-03 10:00")
    of_it = [e for e in story.events if getattr(e, "promise", "") == promise]
    assert [e.kind for e in of_it][:2] == ["promise-warned", "promise-missed"]
    assert of_it[1].due == DUE[charter][sort][promise]
    assert promise in {n.facts["promise"] for n in story.sent("promise-missed")}
    apologies = {n.facts["missed_due"] for n in story.sent("apology")}
    assert of_it[1].due.isoformat() in apologies


@pytest.mark.parametrize("sort", ["voicemail", "call-back", "e-mail"])
def test_fo_3_an_acknowledgement_is_enough(sort: str) -> None:
    assert came("financial-ombudsman", sort).do("acknowledge", contact=1).states("FO-3") == ["met"]


def test_staff_read_of_what_kind_a_contact_is() -> None:
    story = came("financial-ombudsman", "call-back")
    assert story.sent("contact-received")[0].facts["contact_kind"] == "call-back"
    assert story.complaint.contacts[0].kind == "call-back"


def test_a_contact_that_does_not_say_its_kind_is_of_every_kind() -> None:
    story = Story("financial-ombudsman").do("record_contact", channel="phone")
    assert story.states("FO-3") == ["running"]
