"""A name is left out however somebody typed it, and a word that only looks like one stays."""

from __future__ import annotations

import pytest

from reporting.anonymous import LEFT_OUT, without_names


@pytest.mark.parametrize("typed", ["Ann Price", "ann price", "ANN PRICE", " Ann  Price "])
def test_a_name_is_left_out_whatever_capitals_it_was_typed_in(typed: str) -> None:
    text = "Mrs Price paid the price. ANN PRICE, or Ann, was right."
    said = f"Mrs {LEFT_OUT} paid the price. {LEFT_OUT}, or {LEFT_OUT}, was right."
    assert without_names(text, [typed]) == said


def test_the_small_words_of_a_name_stay() -> None:
    text = "Ms Berg sat in the van. Van der Berg wrote; McDonald did not."
    said = f"Ms {LEFT_OUT} sat in the van. {LEFT_OUT} wrote; {LEFT_OUT} did not."
    assert without_names(text, ["Eva van der Berg", "van der Berg", "MCDONALD"]) == said


def test_a_name_is_left_out_over_the_end_of_a_line() -> None:
    assert without_names("It was Li\nWu of Straßer.", ["Li Wu", "Straßer"]) == (
        f"It was {LEFT_OUT} of {LEFT_OUT}."
    )


@pytest.mark.parametrize("given", ["0300 000 0303", "03000000303", "+44 (0)300 000 0303"])
def test_a_number_is_left_out_however_it_is_grouped(given: str) -> None:
    text = "We rang 03000 000303, +44 300 000 0303 and (0300) 000-0303 on 3 May, and 10300 000 03031 never."
    said = f"We rang {LEFT_OUT}, {LEFT_OUT} and {LEFT_OUT} on 3 May, and 10300 000 03031 never."
    assert without_names(text, [given]) == said


def test_addresses_are_left_out_whosever_they_are() -> None:
    assert without_names("Write to x.y@z.example.", []) == f"Write to {LEFT_OUT}."
