"""What the pages for operators name does exist."""

from __future__ import annotations

import re
from pathlib import Path

from engine.errors import EngineError
from engine.search_attributes import ALL
from engine.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_every_setting_that_the_page_for_operators_names_exists() -> None:
    named = set(re.findall(r"UPHOLD_([A-Z_]+)", PAGE.read_text()))
    assert named
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_exit_code_has_its_row_on_the_page_for_operators() -> None:
    text = PAGE.read_text()
    codes = {error.exit_code for error in EngineError.__subclasses__()}
    for code in codes:
        assert f"| {code} |" in text, code


def test_every_search_attribute_is_named_on_the_page_for_operators() -> None:
    for key in ALL:
        assert f"`{key.name}`" in PAGE.read_text()
