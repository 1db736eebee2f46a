"""Remedies for callers and at the prompt: listed, seen to, refused, shown, and bad input."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from domain.complaint.commands import Actor
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.vocabulary import Outcome, Role
from domain.wire import Person
from starter.errors import UnknownRemedy
from starter.remedies import Remedies
from starter.remedy_listing import ListedRemedy, RemedyFilters, to_remedy_query
from tests.starter.conftest import HANDLER, MANAGER, Office

TEAM = Actor(id="t.lane", name="T Lane", role=Role.COMPLAINTS_TEAM)
LEE = Person(id="k.lee", name="K Lee")


def remedies_of(office: Office) -> Remedies:
    return Remedies(office.complaints._client)


async def replied(office: Office, *remedies: Any) -> str:
    """The reference of a complaint that was answered with these remedies, all of which run."""
    reference = await office.opened()
    await office.complaints.reply(reference, HANDLER, "We were slow.", Outcome.UPHELD, remedies)
    await until_listed(
        office,
        lambda rows: sum(bool(row.state) for row in rows) == len(remedies),
        reference=reference,
    )
    return reference


async def until_listed(
    office: Office, condition: Callable[[list[ListedRemedy]], bool] = bool, **filters: Any
) -> list[ListedRemedy]:
    async with asyncio.timeout(30):
        while not condition(rows := await remedies_of(office).list(**filters)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return rows


async def test_is_9_remedies_are_listed_seen_to_and_gone_from_the_list(office: Office) -> None:
    item = {"text": "Refund of £40", "kind": "payment", "owner": LEE.model_dump()}
    reference = await replied(office, item, "An apology")
    rows = await until_listed(office, lambda found: len(found) == 2, reference=reference)
    assert {(row.number, row.kind, row.owner, row.state) for row in rows} == {
        (1, "payment", "k.lee", "owed"), (2, "correction", None, "owed"),
    }  # fmt: skip
    remedies = remedies_of(office)
    done = await remedies.do(reference, 1, MANAGER, "Paid on 3 November.", command_id="once")
    assert (done.id, done.state) == (f"{reference}/1", "done")
    await until_listed(office, lambda found: len(found) == 1, reference=reference)
    (paid,) = await until_listed(
        office, lambda found: not found[0].running, reference=reference, state="done"
    )
    assert paid.number == 1
    status = await remedies.status(reference, 1)
    assert (status.reason, status.timeline[-1].by) == ("Paid on 3 November.", "M Smith (manager)")
    with pytest.raises(WrongState, match="is settled"):
        await remedies.do(reference, 1, MANAGER, "Again.")


async def test_of_more_remedies_than_fit_the_next_due_are_listed(office: Office) -> None:
    owner = {"id": "o.pick", "name": "O Pick"}
    for kind in ("correction", "apology", "correction", "apology"):
        await replied(office, {"text": "A letter", "kind": kind, "owner": owner})
    rows = await remedies_of(office).list(owner="o.pick")
    assert [row.kind for row in rows] == ["apology"] * 2 + ["correction"] * 2
    for limit in (1, 2, 3):
        assert await remedies_of(office).list(owner="o.pick", limit=limit) == rows[:limit]


def test_what_is_settled_is_not_listed_as_owed_while_its_letters_are_tried_again() -> None:
    still = "UpholdState IN ('owed', 'accepted')"
    assert still in to_remedy_query(RemedyFilters())
    assert still in to_remedy_query(RemedyFilters(overdue=True, settled=True))
    assert still not in to_remedy_query(RemedyFilters(settled=True))
    assert still not in to_remedy_query(RemedyFilters(state="done"))


@pytest.mark.parametrize("verb", ["do_remedy", "refuse_remedy"])
async def test_what_settled_a_remedy_is_done_once_when_its_answer_was_lost(
    verb: str, office: Office
) -> None:
    reference, remedies = await replied(office, "An apology"), remedies_of(office)
    fields = {"how": "We wrote."} if verb == "do_remedy" else {"reason": "The law forbids it."}
    first = await remedies.send(verb, reference, 1, MANAGER, "lost", fields)
    await remedies._handle(reference, 1).result()
    again = await remedies.send(verb, reference, 1, MANAGER, "lost", fields)
    assert again == first
    shouted = MANAGER.model_copy(update={"id": MANAGER.id.upper()})
    assert await remedies.send(verb, reference, 1, shouted, "lost", fields) == first
    other = MANAGER.model_copy(update={"id": "somebody.else"})
    for actor, command_id in ((MANAGER, "another"), (other, "lost")):
        with pytest.raises(WrongState, match="is settled"):
            await remedies.send(verb, reference, 1, actor, command_id, fields)
    with pytest.raises(WrongState, match="is settled"):
        await remedies.accept(reference, 1, MANAGER, command_id="lost")


async def test_every_verb_of_a_remedy_is_a_method(office: Office) -> None:
    advice = {"text": "Log every letter", "kind": "recommendation"}
    reference = await replied(office, advice)
    remedies = remedies_of(office)
    with pytest.raises(WrongRole, match="manager"):
        await remedies.accept(reference, 1, HANDLER)
    assert (await remedies.accept(reference, 1, MANAGER)).state == "accepted"
    assert (await remedies.reassign(reference, 1, MANAGER, LEE)).owner_id == "k.lee"
    due = (await remedies.status(reference, 1)).due_on
    with pytest.raises(Exception, match="not between"):
        await remedies.postpone(reference, 1, MANAGER, due, "The bank is slow.")
    lee = Actor(id="k.lee", name="K Lee", role=Role.CASE_HANDLER)
    assert (await remedies.refuse(reference, 1, lee, "It costs too much.")).state == "refused"


async def test_a_remedy_that_there_is_not_is_told_apart(office: Office) -> None:
    reference = await office.opened()
    with pytest.raises(UnknownRemedy, match=f"No remedy {reference}/1"):
        await remedies_of(office).status(reference, 1)
    with pytest.raises(UnknownRemedy):
        await remedies_of(office).do(reference, 7, MANAGER, "Done.")
    with pytest.raises(InvalidCommand, match="mend_remedy"):
        await remedies_of(office).send("mend_remedy", reference, 1, MANAGER)


@pytest.mark.parametrize(
    "filters",
    [
        RemedyFilters(state="closed"),
        RemedyFilters(reference="a\\b"),
        RemedyFilters(owner='x" OR 1'),
        RemedyFilters(reference=""),
    ],
)
def test_a_list_by_what_cannot_be_is_refused(filters: RemedyFilters) -> None:
    if filters.reference == "":
        assert "STARTS_WITH 'remedy:/'" in to_remedy_query(filters)
        return
    with pytest.raises(InvalidCommand, match="list: "):
        to_remedy_query(filters)


async def test_is_9_the_script_lists_remedies_and_sees_to_them(office: Office) -> None:
    told = await office.uphold(
        "reply", await office.opened(), "--outcome", "upheld", "--findings", "We were slow.",
        "--remedy", "An apology", "--remedy", '{"text": "£50", "kind": "payment"}', "--json",
    )  # fmt: skip
    assert told.exit_code == 0, told.stderr
    reference = json.loads(told.stdout)["reference"]
    await until_listed(
        office, lambda rows: [bool(row.state) for row in rows] == [True] * 2, reference=reference
    )
    told = await office.uphold("list", "--remedies", "--reference", reference, "--json")
    assert {(row["number"], row["kind"]) for row in json.loads(told.stdout)} == {
        (1, "correction"), (2, "payment"),
    }  # fmt: skip
    assert (
        f"{reference}/1"
        in (
            await office.uphold("list", "--remedies", "--reference", reference, "--state", "owed")
        ).stdout
    )
    told = await office.uphold("list", "--remedies", "--reference", reference, "--overdue")
    assert "No remedy is found." in told.stdout
    manager = ("--actor-id", "m", "--actor-name", "M", "--actor-role", "manager")
    told = await office.uphold("remedy", "do", f"{reference}/1", "--how", "We wrote.", *manager)
    assert told.stdout.startswith(f"{reference}/1: done")
    shown = await office.uphold("remedy", "show", f"{reference}/1")
    for said in ("An apology", "done", "because   We wrote.", "Promised at case-handler"):
        assert said in shown.stdout
    told = await office.uphold("show", reference)
    assert "Remedies" in told.stdout
    assert "We wrote." in told.stdout
    told = await office.uphold("show", reference, "--json")
    assert [one["state"] for one in json.loads(told.stdout)["remedies"]] == ["done", "owed"]


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("list", "--overdue"), "--overdue: only for a list of remedies", 2),
        (("list", "--remedies", "--stage", "manager"), "--stage: only for a list of complaints", 2),
        (("list", "--remedies", "--state", "closed"), "none of owed, accepted, done, refused", 2),
        (("list", "--state", "owed"), "'owed' is none of received", 2),
        (("remedy", "show", "FO-1"), "names no remedy such as FO-2026-000123/1", 2),
        (("remedy", "show", "FO-1/0"), "names no remedy", 2),
        (("remedy", "do", "FO-1/x", "--how", "x"), "names no remedy", 2),
        (("remedy", "postpone", "FO-1/1", "--new-due", "soon", "--reason", "x"), "no date|not a date", 2),
        (("remedy", "do", "NO-SUCH/1", "--how", "x"), "No remedy NO-SUCH/1 is known", 1),
        (("reply", "FO-1", "--outcome", "upheld", "--findings", "x", "--remedy", "{"), "no JSON object", 2),
    ],
)  # fmt: skip
async def test_bad_input_is_named(
    words: tuple[str, ...], said: str, code: int, office: Office
) -> None:
    told = await office.uphold(*words)
    assert told.exit_code == code, told.output
    assert any(each in " ".join(told.stderr.replace("│", " ").split()) for each in said.split("|"))
