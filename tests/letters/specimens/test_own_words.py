"""An organisation's own words go before the shipped ones, are checked as a whole, and never cost a letter."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from domain.notices import NoticeKind
from engine.errors import SettingsError
from engine.settings import Settings
from letters.languages import TEMPLATES
from letters.rendering import render
from letters.specimens.checking import slips
from letters.wording import environment
from tests.domain.playing.stories import rules_of
from tests.letters.notice_samples import notice
from worker.leaving import check_letters

CHARTERS = ("casework-standards", "nhs-complaints")


def folder(root: Path, **files: str) -> Path:
    """A folder of one's own; `en_accepted` is `en/accepted.txt`, `en_words` its words."""
    for name, text in files.items():
        language, _, kind = name.partition("_")
        own = f"{kind[:1]}{kind[1:].replace('_', '-')}.txt"
        file = root / language / ("words.toml" if kind == "words" else own)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def found(root: Path, *charters: str) -> list[str]:
    return [str(each) for each in slips(root, [rules_of(each) for each in charters or CHARTERS])]


def test_ones_own_words_go_before_the_shipped_and_the_rest_ships(tmp_path: Path) -> None:
    own = folder(
        tmp_path,
        en_accepted="Subject: {{ reference }}: settled\nWe are glad.",
        en_words='[complaint]\nown = "what you brought to us"\n',
    )
    letter = render(notice(NoticeKind.ACCEPTED), own)
    assert letter.subject == "FO-2026-000123: settled"
    assert "We are glad." in letter.body
    assert "what you brought to us" in letter.body
    assert "WHO TO CONTACT" in letter.body
    rest = render(notice(NoticeKind.CONTACT_ANSWER), own)
    assert rest.subject == render(notice(NoticeKind.CONTACT_ANSWER)).subject
    taken_back = render(notice(NoticeKind.WITHDRAWN), own)
    assert "what you brought to us has been taken back" in taken_back.subject
    assert "your complaint" in render(notice(NoticeKind.ACCEPTED)).body


def test_words_that_can_be_written_are_found_good(tmp_path: Path) -> None:
    assert found(folder(tmp_path, en_reply="Subject: {{ reference }}\n{{ findings }}"),
                 "nhs-complaints") == []  # fmt: skip


@pytest.mark.parametrize(
    "name", ["_staff", "_digest", "digest", "_letter", "_decision", "_asked", "remedy-overdue"]
)
def test_every_shipped_template_is_good_as_ones_own(tmp_path: Path, name: str) -> None:
    where = "en" if name in ("_letter", "_decision", "_asked") else "staff"
    (tmp_path / where).mkdir()
    copy(TEMPLATES / where / f"{name}.txt", tmp_path / where)
    assert found(tmp_path, "housing-code") == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"en_acepted": "Subject: a\nb"}, "Did you mean en/accepted.txt?"),
        ({"fr_accepted": "Subject: a\nb"}, "no letter is written with it"),
        ({"staff_allocated": "Subject: a\n{{ findigs }}"}, "no such letter is given 'findigs'"),
        ({"staff_allocated": "no subject"}, "first line is 'Subject: …'"),
        ({"staff_allocated": "Subject: a\n{% if %}"}, "staff/allocated.txt"),
        ({"staff_allocated": "Subject: a\n{{ handler | shout }}"}, "No filter named 'shout'"),
        ({"staff_allocated": "Subject: a\n{{ handler.__class__.__mro__ }}"}, "staff/allocated.txt"),
        ({"staff_allocated": "Subject: a\n{{ 1 / 0 }}"}, "a letter cannot be written"),
        ({"en__asked": "{{ qestions }}", "cy__asked": ""}, "no such letter is given 'qestions'"),
        ({"en_words": "[outcome]\nupheld = 'Yes'\n"}, "outcome: no letter asks for it"),
        ({"en_words": "[topics]\ndelay = 3\n"}, "topics.delay: it is not str"),
        ({"en_words": "[counted.weeks]\none = 'a week'\n"}, "it has lost N"),
        ({"en_words": "[topics\n"}, "it cannot be read"),
    ],
)
def test_every_slip_is_named(tmp_path: Path, files: dict[str, str], said: str) -> None:
    slip = found(folder(tmp_path, **files))
    assert any(said in each for each in slip), slip


def test_a_word_may_begin_with_the_letter_that_stands_for_a_number(tmp_path: Path) -> None:
    words = "[causes]\nworkload = 'Roedd gormod o waith.'\n[counted.weeks]\nother = 'Nifer: N'\n"
    own = folder(tmp_path, cy_words=words)
    assert found(own) == []
    made = environment("cy", own).from_string("{{ 3 | counted('weeks') }}")
    assert made.render() == "Nifer: 3"


def test_cs_10_a_letter_of_ones_own_is_needed_in_every_language_that_a_charter_promises(
    tmp_path: Path,
) -> None:
    own = folder(tmp_path, en_accepted="Subject: {{ reference }}: settled\nWe are glad.")
    (slip,) = found(own)
    assert slip.startswith("cy/accepted.txt: it is missing beside en/accepted.txt")
    assert "casework-standards promises" in slip
    assert found(own, "nhs-complaints") == []


def test_a_slip_that_was_not_seen_costs_nobody_their_letter(tmp_path: Path) -> None:
    own = folder(tmp_path, en_accepted="Subject: {{ reference }}\n{{ nothing_of_the_kind }}")
    assert render(notice(NoticeKind.ACCEPTED), own) == render(notice(NoticeKind.ACCEPTED))


def test_a_worker_does_not_start_with_a_slip(tmp_path: Path) -> None:
    check_letters(Settings())
    with pytest.raises(SettingsError, match=r"letters_dir: .*there is no such folder"):
        check_letters(Settings(letters_dir=tmp_path / "nowhere"))
    own = folder(tmp_path, en_acepted="Subject: a\nb")
    with pytest.raises(SettingsError, match=r"letters_dir: en/acepted\.txt"):
        check_letters(Settings(letters_dir=own))


def test_a_worker_whose_letters_cannot_be_checked_for_a_charter_says_what_is_wrong_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "charters").mkdir()
    (tmp_path / "charters" / "broken.toml").write_text('id = "broken"')
    own = folder(tmp_path, en_accepted="Subject: {{ reference }}\nWe are glad.")
    with pytest.raises(SettingsError, match=r"broken\.toml: calendar: is missing"):
        check_letters(Settings(letters_dir=own, charters_dir=tmp_path / "charters"))
