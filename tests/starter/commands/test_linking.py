"""`uphold link` and `uphold unlink`: both complaints are told, as far as they can be, and once."""

from __future__ import annotations

import json

from tests.starter.conftest import Office


async def test_two_complaints_are_linked_and_the_link_is_taken_back(office: Office) -> None:
    ann = await office.opened()
    bob = await office.opened(complainant={"name": "Bob Ash", "email": "bob@example.org"})
    words = (ann, "--to", bob, "--reason", "Both are about the branch in Hull.")
    assert (await office.uphold("link", *words)).exit_code == 0
    done = await office.uphold("link", *words, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["other"]["linked"] == [ann]
    for one, other in ((ann, bob), (bob, ann)):
        status = await office.complaints.status(one)
        assert status.linked == (other,)
        assert [entry.kind for entry in status.timeline].count("linked") == 1
        shown = await office.uphold("show", one)
        assert f"linked    {other}" in shown.stdout
    assert (await office.uphold("unlink", *words)).exit_code == 0
    assert (await office.complaints.status(bob)).linked == ()


async def test_a_link_with_a_complaint_that_has_ended_stands_on_the_other_alone(
    office: Office,
) -> None:
    reference, ended = await office.opened(), (await office.ended())["reference"]
    words = ("--reason", "Both are about the branch in Hull.")
    done = await office.uphold("link", reference, "--to", ended, *words)
    assert done.exit_code == 0, done.output
    assert f"{ended} is not told" in done.stderr
    assert (await office.complaints.status(reference)).linked == (ended,)
    back = await office.uphold("unlink", ended, "--to", reference, *words)
    assert back.exit_code == 0, back.output
    done = await office.uphold("link", ended, "--to", reference, *words)
    assert (done.exit_code, f"{ended} is not told" in done.stderr) == (0, True), done.output
    unknown = await office.uphold("link", reference, "--to", "NOBODY-1", *words)
    assert unknown.exit_code != 0
    assert (await office.complaints.status(reference)).linked == (ended,)


async def test_two_complaints_that_have_ended_are_not_linked(office: Office) -> None:
    one, other = (await office.ended())["reference"], (await office.ended())["reference"]
    done = await office.uphold("link", one, "--to", other, "--reason", "The same branch.")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Refused (ComplaintClosed)" in done.stderr


async def test_another_customers_complaint_is_not_merged_and_the_script_says_to_link(
    office: Office,
) -> None:
    reference = await office.opened()
    other = await office.opened(complainant={"name": "Bob Ash", "email": "bob@example.org"})
    told = await office.uphold("merge", other, "--into", reference, "--reason", "The same.")
    assert told.exit_code == 1
    assert "link" in told.stderr
    for each in (reference, other):
        status = await office.complaints.status(each)
        assert (status.taken_in, status.closed_at) == ((), None)
