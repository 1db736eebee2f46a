"""Says for each command of the deployment how far it is run where there are no containers.

Those of images whose programs cannot be had here are only read by a shell, or not at all.
"""

from __future__ import annotations

from tests.fixtures.processes import COMMANDS

COVERED = {
    "postgresql command": "not run: the server of the tests stands in for the image's",
    "postgresql healthcheck": "run",
    "temporal-schema command": "read by a shell: temporal-sql-tool comes with its image only",
    "temporal healthcheck": "not run: nc of the server's image",
    "temporal-namespace command": "run",
    "temporal-ui healthcheck": "not run: nc of the page's image",
    "mailpit healthcheck": "not run: mailpit comes with its image only",
    "uphold-setup command": "run",
    "worker command": "run",
    "worker healthcheck": "run",
    "codec-server command": "run",
    "codec-server healthcheck": "run",
    "mail-read command": "run",
    "mail-listen command": "run",
    "mail-listen healthcheck": "run",
    "mail-outcomes command": "run, up to where it waits",
    "image command": "run",
    "image healthcheck": "run",
}


def test_every_command_of_the_deployment_is_accounted_for() -> None:
    assert COMMANDS.keys() == COVERED.keys()


def test_the_image_does_by_itself_what_the_worker_service_does() -> None:
    assert COMMANDS["image command"] == COMMANDS["worker command"]
    assert COMMANDS["image healthcheck"] == COMMANDS["worker healthcheck"]
