"""The case file as one page of HTML that needs nothing beside itself and prints well.

Owns what the template is given. Everything from the ledger is escaped by it.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from starter.desk.export.model import CaseExport
from starter.terminal.printing import at_instant, on_day

_STATES = {
    "owed": "not sent yet",
    "attempted": "sent; whether it arrived is not known",
    "delivered": "delivered",
    "refused": "could not be delivered",
    "lapsed": "not sent: what it asked for was done before",
    "undelivered": "sent, and did not arrive",
}


def page(case: CaseExport) -> str:
    """The case file as HTML; days and times are by the organisation's own clock."""
    zone = ZoneInfo(case.time_zone)

    def when(value: datetime | date | None) -> str:
        if isinstance(value, datetime):
            return at_instant(value, zone)
        return on_day(value) if value else ""

    return _template().render(case=case, status=case.status, when=when, states=_STATES)


@cache
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(str(files("starter.desk.export").joinpath("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return made.get_template("case.html")
