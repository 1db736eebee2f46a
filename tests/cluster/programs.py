"""Owns the programs of a real Temporal cluster: built once from their Go modules, kept outside the checkout.

`python -m tests.cluster.programs` builds them, which takes ten to twenty minutes the first time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

VERSION = "1.32.1"
"""Of Temporal's server; `docker-compose.yml` runs the same one."""
MODULE = f"go.temporal.io/server@v{VERSION}"
MISSING = f"Temporal's server {VERSION} is not built on this machine (make cluster-test builds it)"


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder with `temporal-server`, `temporal-sql-tool`, and the schemas of its databases."""

    folder: Path

    @property
    def server(self) -> Path:
        """One program for each of its services."""
        return self.folder / "temporal-server"

    @property
    def schemas(self) -> Path:
        """The folder with the versions of both databases."""
        return self.folder / "schema"

    @property
    def complete(self) -> bool:
        """Whether all of it is there."""
        return all(
            place.exists()
            for place in (self.server, self.folder / "temporal-sql-tool", self.schemas)
        )


def kept() -> Programs:
    """Where they are kept, built or not."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Programs(cache / "uphold" / f"temporal-{VERSION}")


def find() -> Programs | None:
    """The programs, if they were built."""
    programs = kept()
    return programs if programs.complete else None


def build() -> Programs:
    """Build them with the Go of this machine, and return them; all or nothing is kept."""
    programs = kept()
    programs.folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=programs.folder.parent) as temporary:
        fresh = Path(temporary, "fresh")
        fresh.mkdir()
        path, version = MODULE.split("@")
        for package, name in (("cmd/server", "server"), ("cmd/tools/sql", "sql-tool")):
            _go("install", f"{path}/{package}@{version}", bin_folder=fresh)
            (fresh / Path(package).name).rename(fresh / f"temporal-{name}")
        found = json.loads(_go("mod", "download", "-json", MODULE, bin_folder=fresh))
        shutil.copytree(Path(found["Dir"], "schema/postgresql/v12"), fresh / "schema")
        for place in (fresh / "schema").rglob("*"):
            place.chmod(0o755 if place.is_dir() else 0o644)
        shutil.rmtree(programs.folder, ignore_errors=True)
        fresh.rename(programs.folder)
    return programs


def _go(*words: str, bin_folder: Path) -> bytes:
    done = subprocess.run(
        ["go", *words],
        env={**os.environ, "GOBIN": str(bin_folder)},
        cwd=bin_folder,  # outside of any module
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        sys.exit(f"go {' '.join(words)} ended with code {done.returncode}.")
    return done.stdout


def main() -> None:
    """Build what is missing, and say where it is; with `--found` only say whether it is there."""
    programs = find()
    if "--found" in sys.argv[1:]:
        sys.exit(f"THE TESTS ON A REAL CLUSTER DO NOT RUN: {MISSING}." if programs is None else 0)
    if programs is None:
        if shutil.which("go") is None:
            sys.exit(
                "THE TESTS ON A REAL CLUSTER CANNOT RUN: there is no Go on this machine to build"
                f" Temporal's server {VERSION} with. Install Go 1.26, or leave them to another machine."
            )
        print(f"Building Temporal's server {VERSION}: ten to twenty minutes, once.", flush=True)
        programs = build()
    print(f"Temporal's server {VERSION} is in {programs.folder}.")


if __name__ == "__main__":
    main()
