"""Code that makes other commands than before is noticed, and nobody changes it without saying why that is right."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from tests.replay import commands
from tests.replay.commands import FILE, ROOT, changed, fingerprint, main

HOW = """
What a complaint asks of the server has changed: {}.
Complaints that run would stop where this is not guarded (docs/changing-workflows.md). Guard it with
workflow.patched, or make sure that no command changes; `uphold shadow` shows it on complaints that run. Then
say why it is right: python -m tests.replay.commands --reason "…" """


def test_commands_do_not_change_without_a_reason() -> None:
    assert changed() == [], HOW.format(", ".join(changed()))


def test_every_reason_is_a_sentence() -> None:
    for reason in tomllib.loads(FILE.read_text())["reasons"]:
        assert len(reason.split()) >= 4


def test_the_fingerprint_bites_on_code_and_not_on_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "CHARTERS", ())
    for folder in ("workflows", "activities"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    before = fingerprint(tmp_path)
    file = tmp_path / "workflows" / "waiting.py"
    text = file.read_text()
    file.write_text("# A remark.\n" + text.replace("Return at", "Come back at"))
    assert fingerprint(tmp_path) == before
    file.write_text(text.replace("max(wake", "min(wake"))
    assert {name for name, digest in fingerprint(tmp_path).items() if before[name] != digest} == {
        "workflows/waiting.py"
    }


def test_a_fingerprint_is_not_kept_without_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    before = FILE.read_bytes()
    with pytest.raises(SystemExit):
        main(["--reason", "because"])
    assert "which patch guards it" in capsys.readouterr().err
    assert FILE.read_bytes() == before
