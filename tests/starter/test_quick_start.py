"""A verb starts quickly: the script loads nothing for it that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = (
    "pydantic.fields", "pydantic_settings", "sqlalchemy", "alembic", "jinja2", "babel", "holidays", "rich", "structlog",
    "temporalio.worker", "domain.complaint.state", "domain.charter.tables", "ledger", "activities",
    "workflows",
)  # fmt: skip


def loaded_by(*words: str, **settings: str) -> set[str]:
    """The modules that are loaded once the script has done what these words ask for."""
    code = f"""
import os, sys
os.environ.update(TEMPORAL_ADDRESS="127.0.0.1:1", UPHOLD_CONNECT_TIMEOUT_SECONDS="0",
    UPHOLD_ACTOR_ID="a", UPHOLD_ACTOR_NAME="A", UPHOLD_ACTOR_ROLE="manager", **{settings})
from starter.admin import app
try:
    app({list(words)!r})
except SystemExit as ended:
    print(ended.code)
print(*sys.modules, flush=True)
os._exit(0)  # as the script leaves: the SDK may abort the interpreter's own shutdown
"""
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    code_and_modules = told.stdout.rsplit("\n", 3)
    assert code_and_modules[-3].split()[-1] == "69", told.stdout
    return set(code_and_modules[-2].split())


def test_a_verb_loads_neither_models_nor_tables_nor_the_ledger() -> None:
    for words in (
        ("acknowledge", "FO-2026-000123"),
        ("pause", "FO-2026-000123", "--reason", "Its records.", "--review-on", "2027-11-06"),
    ):
        loaded = loaded_by(*words)
        assert "temporalio.client" in loaded
        assert loaded.isdisjoint(HEAVY)


def test_no_command_and_nothing_that_they_share_loads_anything_heavy_before_it_is_run() -> None:
    shared = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for room in ("commands", "terminal")
        for file in (ROOT / "starter" / room).glob("[a-z]*.py")
    ]
    assert len(shared) > 20
    code = "import sys\nfrom importlib import import_module\n"
    code += f"for name in {shared}: import_module(name)\nprint(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert set(told.stdout.split()).isdisjoint({"temporalio", "jinja2", *HEAVY})


def test_a_list_loads_tables_and_no_rule_by_which_its_rows_came_about() -> None:
    """It is what staff ask for most, and reads no event: only SQLAlchemy is loaded, for the database there is."""
    for words in (("list",), ("list", "--remedies")):
        loaded = loaded_by(*words, UPHOLD_LEDGER_URL="sqlite:////nowhere/ledger.sqlite3")
        assert "sqlalchemy.engine" in loaded
        assert loaded.isdisjoint(
            {
                "domain.complaint.state", "domain.complaint.opening", "domain.charter.tables", "activities", "workflows",
                "alembic", "jinja2", "babel", "holidays", "structlog", "temporalio", "asyncpg",
                "sqlalchemy.ext.asyncio", "sqlalchemy.dialects.postgresql",
            }
        )  # fmt: skip


def test_the_clock_of_an_organisation_is_read_without_the_rules_of_its_charter() -> None:
    code = (
        "import sys; from starter.terminal.session import zone_of\n"
        "print(zone_of('financial-ombudsman')); print(*sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    zone, modules = told.stdout.split("\n", 1)
    assert zone == "Europe/London"
    assert set(modules.split()).isdisjoint({"domain.charter.tables", "charters.files", "holidays"})
