"""A sector's code to break: each test edits its text and looks at the faults."""

from __future__ import annotations

import tomllib
from pathlib import Path

from domain.charter.checks.charter import faults
from domain.charter.tables import Charter
from domain.errors import CharterError

GOOD = (Path(__file__).parents[2] / "data" / "housing-code.toml").read_text(encoding="utf-8")
REGIONS = ("england-and-wales", "northern-ireland", "scotland")
TIME_ZONES = ("Europe/Dublin", "Europe/London")

STAGE_2_WINDOW = "entry = { within = { months = 3 } }"
SIGNPOST = (
    'signpost = { name = "The Housing Ombudsman", text = "Looks at it once both stages are done." }'
)
HO_1 = 'meets = ["acknowledged"]\nuntil = ["replied"]\nwithin = { working-days = 5 }\nstages = ["case-handler"]'
HO_2 = 'meets = ["replied"]\nwithin = { working-days = 10 }'
FIRST = 'starts = ["stage-entered"]'
AGAIN = """
[[promise]]
id = "HO-9"
text = "Once more."
source = "housing-code"
starts = [{starts}]
meets = [{meets}]
within = {{ {within} }}
{more}
[closing]"""


def found_in(text: str) -> tuple[CharterError, ...]:
    return faults(Charter.model_validate(tomllib.loads(text)), REGIONS, TIME_ZONES)


def assert_found(text: str, place: tuple[str, str], what: str, allowed: str) -> None:
    """The text has a fault at that table and key, so worded."""
    found = found_in(text)
    here = [fault for fault in found if (fault.where, fault.key) == place]
    assert here, [str(fault) for fault in found]
    assert any(what in fault.what and allowed in fault.allowed for fault in here), [*map(str, here)]


def another(starts: str, meets: str, within: str = "working-days = 7", more: str = "") -> str:
    """A further promise, HO-9, which stands in the text for `[closing]` and ends with it."""

    def quoted(words: str) -> str:
        return ", ".join(f'"{word}"' for word in words.split())

    return AGAIN.format(starts=quoted(starts), meets=quoted(meets), within=within, more=more)
