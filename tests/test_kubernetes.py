"""The Kubernetes manifests are valid, name what there is, and keep secrets out of arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import typer
import yaml
from typer.main import get_command

from domain.vocabulary import Role
from engine.settings import PREFIX, Settings
from starter.admin import GROUPS, app
from tests.fixtures.deployment import services

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy" / "kubernetes"
FILES = sorted(FOLDER.glob("*.yaml"))
VERSION = "1.34"
SECRET = re.compile(r"(password|secret|token|ledger_url|api_key$)(?!_file)", re.IGNORECASE)


def documents() -> Iterator[dict[str, Any]]:
    for file in FILES:
        yield from yaml.safe_load_all(file.read_text())


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in documents() if each["kind"] == kind]


def pods() -> Iterator[dict[str, Any]]:
    for each in (*of_kind("Job"), *of_kind("Deployment")):
        yield each["spec"]["template"]["spec"]
    for each in of_kind("CronJob"):
        yield each["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def pod_of(deployment: str) -> dict[str, Any]:
    """What the deployment of that name runs."""
    (found,) = (each for each in of_kind("Deployment") if each["metadata"]["name"] == deployment)
    pod: dict[str, Any] = found["spec"]["template"]["spec"]
    return pod


def containers() -> Iterator[dict[str, Any]]:
    for pod in pods():
        yield from pod["containers"]


def variables(container: dict[str, Any]) -> dict[str, Any]:
    """What a container finds in its environment: text, or where a secret is."""
    maps = {each["metadata"]["name"]: each["data"] for each in of_kind("ConfigMap")}
    found: dict[str, Any] = {}
    for source in container.get("envFrom", ()):
        found |= maps[source["configMapRef"]["name"]]
    return found | {
        each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]
    }


@pytest.mark.parametrize(
    "document", list(documents()), ids=lambda one: f"{one['kind']} {one['metadata']['name']}"
)
def test_every_manifest_is_what_kubernetes_takes(document: dict[str, Any]) -> None:
    kubernetes_validate.validate(document, VERSION, strict=True)


def test_every_command_is_one_of_the_script() -> None:
    commands = {name for group in GROUPS.values() for name in group}
    for container in containers():
        assert container["args"][0] in commands
        assert "command" not in container, "the image's own entry point is the script"


def test_every_option_is_one_of_its_command() -> None:
    script: Any = get_command(app)
    for container in containers():
        name, *given = container["args"]
        command: Any = script.get_command(typer.Context(script), name)
        if hasattr(command, "commands"):
            command = command.commands[given.pop(0)]
        known = {option for each in command.params for option in each.opts}
        assert {word.partition("=")[0] for word in given if word.startswith("--")} <= known


def test_every_variable_is_a_setting_and_the_settings_fit_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for container in containers():
        given = variables(container)
        ours = {name for name in given if name.startswith(PREFIX)}
        assert ours - known == set()
        with monkeypatch.context() as here:
            for name in ours:
                written = isinstance(given[name], str)
                here.setenv(name, given[name] if written else "postgresql://a-host/database")
            settings = Settings()
        assert settings.channel == "smtp"
        assert settings.identity_keys
        if container["args"][0] == "mail":
            assert settings.actor_role == Role.UPSTREAM_APP
            (token,) = (each for each in container["volumeMounts"] if each["name"] == "token")
            assert settings.token_file.parent == Path(token["mountPath"])


def test_everything_starts_where_letters_go_by_notify_and_who_sends_has_its_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "set UPHOLD_CHANNEL to notify, and UPHOLD_NOTIFY_EMAIL_TEMPLATE" in " ".join(
        (FOLDER / "notify.yaml").read_text().replace("#", "").split()
    )
    for container in containers():
        given = variables(container)
        given |= {"UPHOLD_CHANNEL": "notify", "UPHOLD_NOTIFY_EMAIL_TEMPLATE": "an-id"}
        sends = container["name"] in {"worker", "mail-outcomes"}
        assert ("UPHOLD_NOTIFY_API_KEY" in given) == sends
        with monkeypatch.context() as here:
            for name, value in given.items():
                if name.startswith(PREFIX):
                    here.setenv(name, value if isinstance(value, str) else "postgresql://a/secret")
            assert Settings().channel == "notify"


def test_no_secret_stands_in_arguments_or_in_the_clear() -> None:
    for container in containers():
        for name, value in variables(container).items():
            assert not (SECRET.search(name) and isinstance(value, str)), name
        assert not any("://" in word for word in container["args"])


def test_every_secret_that_is_taken_is_in_the_example() -> None:
    example = {each["metadata"]["name"]: set(each["stringData"]) for each in of_kind("Secret")}
    for container in containers():
        for value in variables(container).values():
            if isinstance(value, dict):
                wanted = value["secretKeyRef"]
                assert wanted["key"] in example[wanted["name"]]
    mounted = {
        v["secret"]["secretName"] for pod in pods() for v in pod.get("volumes", ()) if "secret" in v
    }
    assert mounted <= set(example)


@pytest.mark.parametrize("pod", list(pods()), ids=lambda pod: pod["containers"][0]["name"])
def test_the_key_ring_is_where_the_settings_say_and_nobody_elses(pod: dict[str, Any]) -> None:
    (container,) = pod["containers"]
    (copying,) = pod["initContainers"]
    ring = variables(container)["UPHOLD_KEY_RING"]
    assert copying["command"][1:3] == ["-m", "0600"]
    assert copying["command"][-1] == ring
    (keys,) = (each for each in pod["volumes"] if each["name"] == "keys")
    assert keys["emptyDir"]["medium"] == "Memory"
    (mounted,) = (each for each in container["volumeMounts"] if each["name"] == "keys")
    assert ring.startswith(mounted["mountPath"])
    assert mounted["readOnly"] is True
    assert pod["securityContext"]["fsGroup"] == pod["securityContext"]["runAsGroup"]


def test_nothing_runs_as_root_or_writes_into_its_image() -> None:
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
    for container in (
        *containers(),
        *(one for pod in pods() for one in pod.get("initContainers", ())),
    ):
        own = container["securityContext"]
        assert own["readOnlyRootFilesystem"] is True
        assert own["allowPrivilegeEscalation"] is False
        assert own["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]


def test_a_worker_is_given_longer_to_end_than_it_gives_itself() -> None:
    pod = pod_of("uphold-worker")
    drains = float(variables(pod["containers"][0])["UPHOLD_GRACEFUL_SHUTDOWN_SECONDS"])
    assert pod["terminationGracePeriodSeconds"] > drains


def test_probes_ask_the_pages_that_there_are_and_a_worker_that_waits_is_not_restarted() -> None:
    (worker,) = pod_of("uphold-worker")["containers"]
    given = variables(worker)
    ports = {port["name"]: str(port["containerPort"]) for port in worker["ports"]}
    assert ports["health"] == given["UPHOLD_HEALTH_PORT"]
    assert given["UPHOLD_METRICS_ADDRESS"].endswith(f":{ports['metrics']}")
    assert worker["livenessProbe"]["httpGet"]["path"] == "/live"
    assert worker["startupProbe"]["httpGet"]["path"] == "/live"
    assert worker["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_the_network_policy_lets_through_what_a_worker_asks_and_who_scrapes() -> None:
    (policy,) = (each for each in of_kind("NetworkPolicy") if each["metadata"]["name"] == "uphold")
    (container,) = (each for each in containers() if each["name"] == "worker")
    given = variables(container)
    ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
    assert {
        int(given["TEMPORAL_ADDRESS"].rpartition(":")[2]),
        int(given["UPHOLD_SMTP_PORT"]),
        5432,
        443,
    } <= ports
    assert [port["port"] for rule in policy["spec"]["ingress"] for port in rule["ports"]] == [9464]


def test_mail_that_comes_in_is_read_by_one_and_kept_where_it_outlives_it() -> None:
    (found,) = (e for e in of_kind("Deployment") if e["metadata"]["name"] == "uphold-mail-read")
    assert (found["spec"]["replicas"], found["spec"]["strategy"]) == (1, {"type": "Recreate"})
    (reading,) = pod_of("uphold-mail-read")["containers"]
    (kept,) = (each for each in reading["volumeMounts"] if each["name"] == "kept")
    assert kept["mountPath"] == variables(reading)["UPHOLD_MAIL_KEPT"]
    claims = {each["metadata"]["name"] for each in of_kind("PersistentVolumeClaim")}
    (volume,) = (e for e in pod_of("uphold-mail-read")["volumes"] if e["name"] == "kept")
    assert volume["persistentVolumeClaim"]["claimName"] in claims


def test_workers_and_whoever_reads_mail_name_the_same_addresses() -> None:
    (worker,) = pod_of("uphold-worker")["containers"]
    (reading,) = pod_of("uphold-mail-read")["containers"]
    for name in ("UPHOLD_REPLIES_ADDRESS", "UPHOLD_BOUNCES_ADDRESS"):
        assert variables(worker)[name] == variables(reading)[name]
    theirs, own = (variables(each)["UPHOLD_BOUNCE_SECRET"] for each in (worker, reading))
    assert theirs["secretKeyRef"] == own["secretKeyRef"] | {"optional": True}


@pytest.mark.parametrize(
    ("component", "ports"),
    [("mail-read", {993}), ("mail-outcomes", {443}), ("worker", {443}), ("mail-listen", set())],
)
def test_each_part_reaches_what_it_asks_and_no_more(component: str, ports: set[int]) -> None:
    found = set()
    for policy in of_kind("NetworkPolicy"):
        chosen = policy["spec"]["podSelector"]
        named = chosen.get("matchLabels", {}).get("app.kubernetes.io/component")
        listed = [name for each in chosen.get("matchExpressions", ()) for name in each["values"]]
        if component in (named, *listed):
            found |= {p["port"] for rule in policy["spec"].get("egress", ()) for p in rule["ports"]}
    assert found == ports


def test_notify_reaches_the_page_that_listens_and_is_asked_some_times_a_day() -> None:
    (listening,) = pod_of("uphold-mail-listen")["containers"]
    port = listening["ports"][0]["containerPort"]
    assert f"--port={port}" in listening["args"]
    assert listening["readinessProbe"]["tcpSocket"]["port"] == listening["ports"][0]["name"]
    (service,) = (e for e in of_kind("Service") if e["metadata"]["name"] == "uphold-mail-listen")
    assert service["spec"]["selector"]["app.kubernetes.io/component"] == "mail-listen"
    assert service["spec"]["ports"][0]["targetPort"] == listening["ports"][0]["name"]
    (policy,) = (
        e for e in of_kind("NetworkPolicy") if e["metadata"]["name"] == "uphold-mail-listen"
    )
    assert policy["spec"]["ingress"][0]["ports"] == [{"port": port}]
    (job,) = of_kind("CronJob")
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
    assert "*/4" in job["spec"]["schedule"].split()[1]


def test_the_image_is_the_one_that_is_built_here() -> None:
    ours = {each["image"] for each in services().values() if "build" in each}
    assert {container["image"] for container in containers()} == ours
