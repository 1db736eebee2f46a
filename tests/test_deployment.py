"""Holds what can be read off the deployment files without running them.

No container engine runs where this is tested: images are neither pulled nor built. That the
commands work is shown in `test_deployment_commands`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
import typer.main
import yaml

from domain.vocabulary import Role
from engine.settings import PREFIX, Settings
from starter.wire.names import fairness_key
from tests.fixtures.deployment import (
    COMPOSE_FILE,
    DOCKERFILE,
    ENV_EXAMPLE,
    ROOT,
    VARIABLE,
    commands,
    environment,
    example_variables,
    instructions,
    is_ours,
    services,
)

SECRET = re.compile(r"(PASSWORD|_PWD$|SECRET|TOKEN|API_KEY)(?!_FILE)", re.IGNORECASE)
OPTIONAL_VARIABLE = re.compile(r"\$\{\w+:-\}")
"""Of what only a profile needs: Compose asks for a required one of every service, also where that does not run."""
REQUIRED_VARIABLE = re.compile(r"\$\{\w+:\?[^}]+\}")
ADDRESS_WITH_PASSWORD = re.compile(r"://[^:/@\s]+:(?P<password>[^@\s]+)@")
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*$")
ONE_SHOT = {"temporal-schema", "temporal-namespace", "uphold-setup"}
PAGELESS = {"mail-read", "mail-outcomes"}
"""Services that end where they cannot go on, and have nothing to ask."""
SERVICES = sorted(services())
VARIABLES = {
    name: value or ("" if "ADDRESS" in name else "secret")
    for name, value in example_variables().items()
} | dict.fromkeys(
    ("UPHOLD_BOUNCE_SECRET", "UPHOLD_NOTIFY_CALLBACK_TOKEN"), "a secret of twenty characters"
)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, timeout=120)


def compose_check(file: Path) -> subprocess.CompletedProcess[str]:
    schema = ("--builtin-schema", "vendor.compose-spec")
    return run(sys.executable, "-m", "check_jsonschema", *schema, str(file))


def dockerfile_check(file: Path) -> subprocess.CompletedProcess[str]:
    return run(str(Path(sysconfig.get_path("scripts")) / "hadolint"), str(file))


def test_the_compose_file_follows_the_compose_schema() -> None:
    done = compose_check(COMPOSE_FILE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_compose_file_does_not_follow_it(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text("services:\n  worker:\n    imagine: uphold\n")
    assert compose_check(wrong).returncode != 0


def test_the_yaml_files_are_tidy() -> None:
    files = ["docker-compose.yml", ".yamllint.yaml", "deploy"]
    done = run(sys.executable, "-m", "yamllint", "--strict", *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_has_no_fault_that_the_linter_knows() -> None:
    done = dockerfile_check(DOCKERFILE)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_careless_dockerfile_is_found_out(tmp_path: Path) -> None:
    careless = tmp_path / "Dockerfile"
    careless.write_text("FROM python:latest\nRUN pip install uphold\n")
    assert dockerfile_check(careless).returncode != 0


@pytest.mark.parametrize("service", SERVICES)
def test_every_image_is_pinned_to_a_version(service: str) -> None:
    assert PINNED.match(services()[service]["image"])


def test_every_stage_of_the_image_starts_from_a_pinned_version() -> None:
    bases = [text.split()[0] for name, text in instructions() if name == "FROM"]
    assert bases
    assert all(PINNED.match(base) for base in bases), bases


@pytest.mark.parametrize("image", ["postgres", "postgres:latest", "postgres:16", "a/b:main"])
def test_an_image_that_may_change_overnight_is_no_pin(image: str) -> None:
    assert not PINNED.match(image)


def test_temporals_server_and_its_schema_are_of_one_release() -> None:
    images = [given["image"] for given in services().values()]
    tags = {
        image.partition(":")[2]
        for image in images
        if image.startswith(("temporalio/server:", "temporalio/admin-tools:"))
    }
    assert len(tags) == 1


def test_our_image_carries_the_version_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    ours = {given["image"] for given in services().values() if is_ours(given)}
    assert ours == {f"uphold:{version}"}


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_written_in_the_compose_file(service: str) -> None:
    for name, value in services()[service].get("environment", {}).items():
        if SECRET.search(name):
            written = REQUIRED_VARIABLE.fullmatch(value) or OPTIONAL_VARIABLE.fullmatch(value)
            assert written, f"{service}: {name}"
        if found := ADDRESS_WITH_PASSWORD.search(value):
            assert REQUIRED_VARIABLE.fullmatch(found["password"]), f"{service}: {name}"


def test_no_secret_is_written_in_the_example_or_the_image() -> None:
    assert {value for name, value in example_variables().items() if SECRET.search(name)} == {""}
    assert not [
        text for name, text in instructions() if name in {"ENV", "ARG"} and SECRET.search(text)
    ]
    assert ".env" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_example_names_each_variable_that_the_compose_file_reads() -> None:
    read = {match["name"] for match in VARIABLE.finditer(COMPOSE_FILE.read_text())}
    assert read == example_variables().keys(), f"{ENV_EXAMPLE.name} and {COMPOSE_FILE.name} differ"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_lasts_says_how_it_is_and_starts_again(service: str) -> None:
    given = services()[service]
    if service in ONE_SHOT:
        assert given["restart"].startswith("on-failure:")
    else:
        assert given["restart"] == "unless-stopped"
        health = given["healthcheck"]
        assert health == {"disable": True} if service in PAGELESS else health["test"][0] == "CMD"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_what_it_needs_to_be_ready_or_done(service: str) -> None:
    for needed, how in services()[service].get("depends_on", {}).items():
        done = needed in ONE_SHOT
        expected = "service_completed_successfully" if done else "service_healthy"
        assert how["condition"] == expected, f"{service} needs {needed}"


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_reachable_from_outside_the_machine(service: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services()[service].get("ports", []))


@pytest.mark.parametrize("service", SERVICES)
def test_every_file_that_is_mounted_is_there(service: str) -> None:
    volumes = yaml.safe_load(COMPOSE_FILE.read_text())["volumes"]
    for mount in services()[service].get("volumes", []):
        source = mount.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in volumes


def test_every_setting_that_is_given_exists() -> None:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    given = {name for name in example_variables() if name.startswith(PREFIX)}
    for service in SERVICES:
        given |= {name for name in services()[service].get("environment", {}) if PREFIX in name}
    assert given
    assert given <= known


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("uphold-setup", "uphold_owner"),
        *((name, "uphold") for name in ("worker", "mail-read", "mail-listen", "mail-outcomes")),
    ],
)
def test_the_settings_of_our_services_are_accepted(
    service: str, role: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in environment(service, VARIABLES).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.channel == "smtp"
    assert f"://{role}:secret@postgresql:5432/uphold" in settings.ledger_url


def test_a_worker_has_time_to_finish_before_it_is_killed() -> None:
    grace = services()["worker"]["stop_grace_period"]
    graceful = Settings.model_fields["graceful_shutdown_seconds"].default
    assert int(grace.removesuffix("s")) > graceful


@pytest.mark.parametrize("service", ["mail-read", "mail-listen", "mail-outcomes"])
def test_whoever_tells_complaints_of_mail_is_an_app_and_keeps_what_came(
    service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    given = services()[service]
    assert given["profiles"]
    for name, value in environment(service, VARIABLES).items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.actor_role == Role.UPSTREAM_APP
    (mount,) = given["volumes"]
    folder = Path(mount.split(":")[1])
    assert folder in settings.token_file.parents
    assert folder in (Path(_working_folder()) / settings.mail_kept).parents


def _working_folder() -> str:
    """Where the image's commands run."""
    return [text for name, text in instructions() if name == "WORKDIR"][-1]


def test_the_server_heeds_the_fairness_keys_that_complaints_are_started_with() -> None:
    (folder,) = (ROOT / mount.split(":")[0] for mount in services()["temporal"]["volumes"])
    file = services()["temporal"]["environment"]["DYNAMIC_CONFIG_FILE_PATH"]
    given = yaml.safe_load((folder / Path(file).name).read_text())
    assert given["matching.enableFairness"] == [{"value": True, "constraints": {}}]
    assert fairness_key("financial-ombudsman")


def test_every_command_of_ours_is_one_of_the_script() -> None:
    from starter.admin import app

    known = typer.main.get_command(app)
    names = set(getattr(known, "commands", {}))
    ours = {command.words[1] for command in commands() if command.words[0] == "uphold"}
    assert ours == {"setup", "worker", "health", "codec-server", "mail"}
    assert ours <= names


def packages() -> set[str]:
    """What the wheel is made of."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    return set(build["targets"]["wheel"]["packages"])


def test_the_image_is_built_from_all_that_its_wheel_needs(tmp_path: Path) -> None:
    context, wheels = tmp_path / "context", tmp_path / "wheels"
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    for kept in (line[1:].rstrip("/") for line in lines if line.startswith("!")):
        target = context / kept
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / kept).is_dir():
            shutil.copytree(ROOT / kept, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / kept, target)
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel")
    done = subprocess.run(
        [*build, "--directory", str(wheels)],
        cwd=context,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in inside} >= packages(), (
        "what is missing was not copied"
    )
    sources = {path.relative_to(context) for path in context.glob("*/**/*") if path.is_file()}
    expected = {path.as_posix() for path in sources if path.parts[0] != "requirements"}
    assert inside == {name for name in expected if not name.endswith("ruff.toml")}


def test_the_image_does_not_run_as_root() -> None:
    users = [text for name, text in instructions() if name == "USER"]
    assert users
    assert users[-1] not in {"0", "root"}
