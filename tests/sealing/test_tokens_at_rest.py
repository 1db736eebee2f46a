"""Tokens travel beside messages, and history keeps them: sealed as all else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from temporalio.worker import Replayer

from engine.dev_server import embedded_environment
from engine.plugin import UpholdPlugin
from identity.sending import sending
from ledger.memory import MemoryLedger
from sealing.data_keys import DataKeys
from sealing.ring import with_new_key
from tests.identity.guarded import Guarded, said
from tests.identity.tokens import ISSUER, new_key, publish
from tests.workflows.player import PEOPLE, an_office
from workflows.complaint import ComplaintWorkflow


async def test_no_token_is_readable_in_the_servers_database(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    keys, key, place = DataKeys(with_new_key(None, "first"), ledger), new_key(), tmp_path / "keys"
    publish(place, key)
    given: dict[str, Any] = {
        "identity": "tokens",
        "identity_issuer": ISSUER,
        "identity_keys": str(place),
    }
    database = tmp_path / "server.sqlite3"
    async with (
        embedded_environment(
            plugins=[UpholdPlugin(keys)],
            log_file=tmp_path / "server.log",
            dev_server_database_filename=str(database),
        ) as env,
        an_office(env, ledger=ledger, **given) as office,
    ):
        guarded = Guarded(office, key, place)
        case = await guarded.opened()
        token = guarded.token("case-handler")
        with sending(token):
            await guarded.handle(case.reference).execute_update(
                "acknowledge", case.argument("acknowledge", PEOPLE["case-handler"])
            )
        assert (await case.kinds())[-1] == "acknowledged", "its worker could read it"
        with sending(token):
            contact = case.argument(
                "record_contact", PEOPLE["case-handler"], **said("record_contact")
            )
            await guarded.handle(case.reference).signal("record_contact", contact)
        assert "contact-received" in await case.kinds(), "whoever proves it could read it too"
        assert await ledger.data_key(reference="") is None, "it would outlive the complaint"
        (history,) = await case.runs()
        for event in history.events:
            for payload in event.activity_task_scheduled_event_attributes.header.fields.values():
                named = payload.metadata["key"].decode()
                assert (await keys.named(named)).subject == case.reference
        replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin(keys)])
        assert (await replayer.replay_workflow(history)).replay_failure is None
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("server.*"))
    assert [part for part in token.split(".") if part.encode() in stored] == []
    assert b"uphold_token" in stored, "the header itself is there"
