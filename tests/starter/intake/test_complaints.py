"""`uphold open`: bad rows into a file with reasons, the others opened, each once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from domain.complaint.opening import Opening
from domain.errors import Unproven, UpholdError
from engine.errors import ServerUnavailable
from ledger.errors import LedgerUnavailable
from sealing.errors import KeysAway
from starter.client import Started
from starter.intake.complaints import Intake, in_background
from starter.intake.rows import Row, Taking
from tests.starter.conftest import Office
from tests.workflows.player import eventually


def as_csv(*openings: dict[str, Any]) -> str:
    def flat(fields: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
        for name, value in fields.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{name}.")
            else:
                yield prefix + name, ";".join(value) if isinstance(value, list) else value

    written = [dict(flat(each)) for each in openings]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in written for key in row)))
    writer.writeheader()
    writer.writerows(written)
    return out.getvalue()


async def test_bad_rows_go_into_a_file_and_the_others_are_opened(
    office: Office, here: Path
) -> None:
    good, fax, nowhere, late = (office.opening() for _ in range(4))
    fax["channel"], nowhere["charter"] = "fax", "nowhere"
    late["received_at"] = "2027-09-01T10:00:00+00:00"
    clash = good | {"details": "Another."}
    Path("in.csv").write_text(as_csv(good, fax, nowhere, late, clash, good), encoding="utf-8")
    told = await office.uphold("open", "in.csv")
    assert told.exit_code == 1
    assert told.stdout == "6 complaints: 1 opened, 1 repeated in the file, 4 refused.\n"
    assert "in.refused.csv" in told.stderr
    refused = list(csv.DictReader(Path("in.refused.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["refused.row"] for row in refused] == ["3", "4", "5", "6"]
    reasons = [row["refused.reason"] for row in refused]
    assert "channel" in reasons[0]
    assert "'fax'" in reasons[0]
    assert "financial-ombudsman" in reasons[1]
    assert "received_at" in reasons[2]
    assert "another content" in reasons[3]
    assert await eventually(lambda: office.stands(good["reference"]))


async def test_it_can_be_run_again_and_a_mended_refused_file_opened(
    office: Office, here: Path
) -> None:
    one, two = office.opening(), office.opening(channel="fax")
    Path("in.csv").write_text(as_csv(one, two), encoding="utf-8")
    await office.uphold("open", "in.csv")
    again = await office.uphold("open", "in.csv", "--json")
    tally = json.loads(again.stdout)
    assert (tally["opened"], tally["already_open"], tally["refused"]) == (0, 1, 1)
    assert tally["refused_file"] == "in.refused-2.csv"
    mended = Path("in.refused.csv").read_text(encoding="utf-8").replace(",fax,", ",phone,", 1)
    Path("mended.csv").write_text(mended, encoding="utf-8")
    told = await office.uphold("open", "mended.csv")
    assert (told.exit_code, told.stdout) == (0, "1 complaint: 1 opened.\n")


async def test_a_reference_opened_before_with_another_content_is_refused(
    office: Office, here: Path
) -> None:
    opening = office.opening()
    await office.complaints.open(opening)
    line = json.dumps(opening | {"details": "Another."})
    told = await office.uphold("open", "-", given=line)
    assert told.exit_code == 1
    refused = json.loads(Path("stdin.refused.jsonl").read_text(encoding="utf-8"))
    assert "opened before with another content" in refused["refused"]["reason"]
    assert Path("stdin.refused.jsonl").stat().st_mode & 0o077 == 0


async def test_one_that_has_ended_is_counted_and_not_opened_again(office: Office) -> None:
    opening = await office.ended()
    told = await office.uphold("open", "-", given=json.dumps(opening))
    assert told.stdout == "1 complaint: 0 opened, 1 closed already.\n"
    assert told.exit_code == 0


async def test_a_dry_run_starts_nothing_and_needs_no_server(office: Office) -> None:
    opening = office.opening()
    nowhere = {"TEMPORAL_ADDRESS": "127.0.0.1:1"}
    told = await office.uphold("open", "-", "--dry-run", given=json.dumps(opening), env=nowhere)
    assert told.stdout == "1 complaint: 1 would be opened.\n"


async def test_a_file_that_is_none_of_complaints_is_told_though_no_server_answers(
    office: Office, here: Path
) -> None:
    Path("wages.csv").write_text("name,amount\nAnn,3\n", encoding="utf-8")
    nowhere = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "UPHOLD_CONNECT_TIMEOUT_SECONDS": "0"}
    told = await office.uphold("open", "wages.csv", env=nowhere)
    assert told.exit_code == 1
    assert told.stderr.startswith("wages.csv: there is no column 'name'.")


async def test_a_file_that_cannot_be_read_is_told(office: Office, here: Path) -> None:
    told = await office.uphold("open", "missing.csv")
    assert told.exit_code == 2
    assert "missing.csv cannot be read" in told.stderr
    Path("empty.csv").touch()
    told = await office.uphold("open", "empty.csv")
    assert told.exit_code == 1
    assert told.stderr == "empty.csv: the file is empty; its first line names the columns.\n"


class _Leaving:
    """What opens three complaints, and then cannot any more."""

    def __init__(self, why: UpholdError) -> None:
        self.why = why
        self.opened: list[str] = []

    async def open(self, opening: Opening) -> Started:
        """Start it, as long as that can be."""
        if len(self.opened) == 3:
            raise self.why
        self.opened.append(opening.reference)
        return Started(opening.reference, already=False)


@pytest.mark.parametrize(
    "why",
    [
        ServerUnavailable("No Temporal server answers."),
        LedgerUnavailable("The ledger, which has the keys, does not answer."),
        KeysAway("The key service does not answer."),
        Unproven("The token has ended."),
    ],
    ids=lambda why: type(why).__name__,
)
async def test_what_is_wrong_with_no_row_stops_it_and_refuses_nothing(
    why: UpholdError, office: Office
) -> None:
    refused: list[Row] = []
    rows = [Row(n, {}, office.opening()) for n in range(1, 101)]
    taking = Taking(lambda row, _: refused.append(row))
    intake = Intake(_Leaving(why), lambda _: None, taking)
    with pytest.raises(type(why)):
        async with aclosing(in_background(iter(rows))) as read:
            await intake.take(read)
    assert taking.tally["opened"] == 3
    assert not refused
