"""Closures, new charters and merges by the script: looked at, carried out, repeated."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from charters.calendars import resolve_terms
from charters.files import CharterBook, find_charter
from domain.complaint.commands import Actor
from domain.errors import InvalidCommand
from domain.vocabulary import Role
from starter.client import Complaints
from starter.wire.status import Status
from tests.starter.conftest import CUSTOMER, MANAGER, Office, running_office
from tests.workflows.player import eventually

ADMIN = {
    "UPHOLD_ACTOR_ID": "a.admin",
    "UPHOLD_ACTOR_NAME": "A Admin",
    "UPHOLD_ACTOR_ROLE": "administrator",
}
GROUNDS: Final = {
    "heard": ["customer", "staff"], "evidence": ["The case file"], "cause": "workload",
    "changes": ["Somebody looks every week at what waits"],
}  # fmt: skip
SNOW = ("--reason", "Snow closed every office.")


@pytest_asyncio.fixture(loop_scope="session")
async def own_office(env: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose ledger holds nothing but what the test opens in it."""
    address = env.client.service_client.config.target_host
    async with running_office(address, tmp_path, f"office-{tmp_path.name}") as running:
        yield running


async def at_the_manager(office: Office, reference: str, **fields: Any) -> str:
    """A complaint received now at the manager, who has ten working days; it is on record."""
    now = datetime.now(UTC).isoformat()
    said = {"received_at": now, "stage": "manager", "reference": reference} | fields
    await office.complaints.open(office.opening(**said))
    assert await eventually(lambda: on_record(office, reference, "opened"))
    return reference


async def on_record(office: Office, reference: str, kind: str) -> bool:
    """Whether the ledger has an event of that kind."""
    return kind in [event.kind for event in await office.ledger.events(reference)]


def a_working_day() -> date:
    """One within the manager's ten working days."""
    today = datetime.now(UTC).date()
    terms = CharterBook().get("financial-ombudsman").calendar
    calendar = resolve_terms(terms, today, today + timedelta(days=400))
    return calendar.add_working_days(today, 4)


async def answer_due(complaints: Complaints, reference: str) -> date | None:
    """When the manager's answer is due."""
    due: date | None = clock_of(await complaints.status(reference)).due_on
    return due


def clock_of(status: Status) -> Any:
    """The clock of the manager's answer."""
    return next(c for c in status.clocks if (c.promise, c.part) == ("FO-8", "reply"))


async def test_a_closure_is_looked_at_then_moves_every_complaint_and_again_moves_none(
    own_office: Office,
) -> None:
    office, day = own_office, a_working_day().isoformat()
    for number in range(3):
        await at_the_manager(office, f"CL-{day}-{number}")
    first = f"CL-{day}-0"
    before = await answer_due(office.complaints, first)
    words = ("closure", "add", day, "--region", "england-and-wales", *SNOW)

    looked = await office.uphold(*words, "--dry-run", "--json", env=ADMIN)
    assert looked.exit_code == 0, looked.output
    moves = json.loads(looked.stdout)["moves"]
    assert [move["reference"] for move in moves] == [f"CL-{day}-{n}" for n in range(3)]
    assert all("FO-8/reply" in [d["promise"] for d in move["dates"]] for move in moves)
    assert await answer_due(office.complaints, first) == before

    done = await office.uphold(*words, "--yes", env=ADMIN)
    assert done.exit_code == 0, done.output
    assert "3 complaints told" in done.stdout
    for number in range(3):
        told = partial(on_record, office, f"CL-{day}-{number}", "closure-applied")
        assert await eventually(told)
    after = clock_of(await office.complaints.status(first))
    assert before
    assert after.due_on > before
    assert after.superseded == (before,)

    again = await office.uphold(*words, "--yes", "--json", env=ADMIN)
    assert json.loads(again.stdout)["told"] == []
    assert all(move["already"] for move in json.loads(again.stdout)["moves"])
    listed = await office.uphold("closure", "list", "--json")
    assert [each["day"] for each in json.loads(listed.stdout)] == [day]

    # Who complains from now on has the closed day in the calendar from the start.
    late = await at_the_manager(office, f"CL-{day}-late")
    assert await answer_due(office.complaints, late) == after.due_on
    kinds = [event.kind for event in await office.ledger.events(late)]
    assert kinds == ["opened"]


async def test_a_closed_complaint_of_which_a_remedy_is_owed_is_moved_as_well(
    own_office: Office,
) -> None:
    office, day = own_office, a_working_day().isoformat()
    owed = await at_the_manager(office, f"CL-{day}-owed")
    ended = await at_the_manager(office, f"CL-{day}-ended")
    for reference, remedies in ((owed, ["We will pay you £50"]), (ended, [])):
        reply = {"findings": "It was late.", "outcome": "upheld", "remedies": remedies, **GROUNDS}
        await office.complaints.send("reply", reference, MANAGER, fields=reply)
        await office.complaints.send("accept", reference, CUSTOMER)
        assert await eventually(partial(on_record, office, reference, "closed"))
    words = ("closure", "add", day, "--region", "england-and-wales", *SNOW)

    looked = await office.uphold(*words, "--dry-run", env=ADMIN)
    assert "remedy 1" in looked.stdout
    assert ended not in looked.stdout
    done = await office.uphold(*words, "--yes", "--json", env=ADMIN)
    assert [each["reference"] for each in json.loads(done.stdout)["told"]] == [owed]
    assert await eventually(partial(on_record, office, owed, "closure-applied"))
    (remedy,) = (await office.complaints.status(owed)).remedies
    (moved,) = json.loads(done.stdout)["moves"][0]["remedies"]
    assert remedy.due_on.isoformat() == moved["new_due"] > moved["old_due"]


async def test_a_closure_needs_an_administrator_a_region_and_a_yes(office: Office) -> None:
    words = ("closure", "add", "2026-12-08", *SNOW)
    told = await office.uphold(*words, "--region", "england-and-wales", "--yes")
    assert told.exit_code == 1
    assert "WrongRole" in told.stderr
    told = await office.uphold(*words, "--region", "wessex", "--yes", env=ADMIN)
    assert told.exit_code == 2
    assert "england-and-wales" in told.stderr
    told = await office.uphold(*words, "--region", "scotland", "--json", env=ADMIN)
    assert told.exit_code == 2
    assert "--yes" in told.stderr


async def test_a_new_version_is_looked_at_then_holds_for_running_complaints(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    charters = tmp_path / "charters"
    charters.mkdir()
    text = find_charter("financial-ombudsman").read_text(encoding="utf-8")
    draft = tmp_path / "financial-ombudsman.toml"
    draft.write_text(
        text.replace('version = "2026.1"', 'version = "2027.1"').replace(
            "within = { working-days = 10 }", "within = { working-days = 12 }"
        ),
        encoding="utf-8",
    )
    address = env.client.service_client.config.target_host
    async with running_office(
        address, tmp_path, f"office-{tmp_path.name}", charters_dir=charters
    ) as office:
        reference = await at_the_manager(office, f"MG-{tmp_path.name}")
        before = await answer_due(office.complaints, reference)
        words = ("charter", "migrate", "financial-ombudsman@2026.1")
        looked = await office.uphold(*words, str(draft), "--dry-run", "--json", env=ADMIN)
        assert looked.exit_code == 0, looked.output
        (move,) = json.loads(looked.stdout)["moves"]
        assert {each["promise"] for each in move["dates"]} == {"FO-8/reply"}

        early = await office.uphold(*words, str(draft), "--yes", env=ADMIN)
        assert early.exit_code == 2
        assert "charters_dir" in early.stderr
        (charters / draft.name).write_bytes(draft.read_bytes())

        done = await office.uphold(*words, "financial-ombudsman@2027.1", "--yes", env=ADMIN)
        assert done.exit_code == 0, done.output
        status = await office.complaints.status(reference)
        assert status.charter_version == "2027.1"
        assert before
        assert clock_of(status).due_on > before
        assert await eventually(lambda: on_record(office, reference, "charter-migrated"))
        again = await office.uphold(
            *words, "financial-ombudsman@2027.1", "--yes", "--json", env=ADMIN
        )
        assert json.loads(again.stdout) == {"moves": [], "told": []}


async def test_a_migration_between_two_charters_or_from_nowhere_is_refused(office: Office) -> None:
    for old, new, said in (
        ("financial-ombudsman", "financial-ombudsman@2027.1", "not a charter and its version"),
        ("financial-ombudsman@2026.1", "customer-promise@2026.1", "another charter"),
        ("financial-ombudsman@2026.1", "financial-ombudsman@2026.1", "as well"),
        ("financial-ombudsman@2026.1", "nowhere.toml", "no file"),
        ("financial-ombudsman@2026.1", "financial-ombudsman@2031.1", "known here as"),
    ):
        told = await office.uphold("charter", "migrate", old, new, "--dry-run", env=ADMIN)
        assert told.exit_code == 2, told.output
        assert said in told.stderr


async def test_a_duplicate_is_merged_into_the_complaint_that_goes_on(office: Office) -> None:
    reference, duplicate = await office.opened(), await office.opened()
    words = ("merge", duplicate, "--into", reference, "--reason", "The same letter.")
    done = await office.uphold(*words, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["duplicate"]["closed_how"] == "merged"
    again = await office.uphold(*words)
    assert again.exit_code == 0, again.output
    first = await office.complaints.status(reference)
    assert [entry.kind for entry in first.timeline].count("duplicate-taken-in") == 1


async def test_what_cannot_be_merged_any_more_changes_nothing(office: Office) -> None:
    reference, duplicate = await office.opened(), await office.opened()
    await office.complaints.withdraw(duplicate, CUSTOMER, "Settled.")
    told = await office.uphold("merge", duplicate, "--into", reference, "--reason", "The same.")
    assert told.exit_code == 1
    assert "WrongState" in told.stderr
    assert (await office.complaints.status(reference)).taken_in == ()


async def test_a_merge_that_was_interrupted_is_finished_by_somebody_else(office: Office) -> None:
    reference, duplicate = await office.opened(), await office.opened()
    found = await office.complaints.status(duplicate)
    said = (duplicate, found.received_at, "The same letter.", found.customer_key)
    await office.complaints.take_in(reference, MANAGER, *said)
    told = await office.uphold("merge", duplicate, "--into", reference, "--reason", "The same.")
    assert told.exit_code == 0, told.output
    status = await office.complaints.status(duplicate)
    assert (status.closed_how, status.merged_into) == ("merged", reference)
    other = await office.opened()
    again = await office.uphold("merge", duplicate, "--into", other, "--reason", "The same.")
    assert again.exit_code == 1
    assert (await office.complaints.status(other)).taken_in == ()


async def test_what_was_refused_can_be_asked_again_under_the_same_command_id(
    env: WorkflowEnvironment, tmp_path: Path
) -> None:
    charters = tmp_path / "charters"
    charters.mkdir()
    address = env.client.service_client.config.target_host
    admin = Actor(id="a.admin", name="A Admin", role=Role.ADMINISTRATOR)
    queue = f"office-{tmp_path.name}"
    async with running_office(address, tmp_path, queue, charters_dir=charters) as office:
        reference = await at_the_manager(office, f"AG-{tmp_path.name}")
        with pytest.raises(InvalidCommand, match=r"not 2027\.1"):
            await office.complaints.migrate(reference, admin, "2027.1", command_id="m")
        text = find_charter("financial-ombudsman").read_text(encoding="utf-8")
        new = text.replace('version = "2026.1"', 'version = "2027.1"')
        (charters / "financial-ombudsman.toml").write_text(new, encoding="utf-8")
        await office.complaints.migrate(reference, admin, "2027.1", command_id="m")
        assert (await office.complaints.status(reference)).charter_version == "2027.1"


async def test_sixty_days_can_be_closed_at_once(own_office: Office) -> None:
    first = a_working_day()
    days = [(first + timedelta(days=number)).isoformat() for number in range(60)]
    reference = await at_the_manager(own_office, f"MANY-{first}")
    words = ("closure", "add", *days, "--region", "england-and-wales", *SNOW, "--dry-run", "--json")
    looked = await own_office.uphold(*words, env=ADMIN)
    assert looked.exit_code == 0, looked.output
    assert [each["reference"] for each in json.loads(looked.stdout)["moves"]] == [reference]
    told = await own_office.uphold(*words, (first + timedelta(days=60)).isoformat(), env=ADMIN)
    assert told.exit_code == 1
    assert "days" in told.stderr
