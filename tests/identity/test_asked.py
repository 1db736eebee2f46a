"""What carries out a decision is asked for by a workflow alone: nobody records or sends anything by asking for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import ActivityFailureError
from temporalio.exceptions import ApplicationError

from activities import contracts
from activities.contracts import DigestRequest, letters_queue, pack_entry
from letters.channels.memory import MemoryChannel
from tests.identity.guarded import Guarded
from tests.ledger.evidence.on_record import CHARTER, entries
from tests.workflows.player import opening

LIMIT = timedelta(seconds=10)


def asked(reference: str) -> dict[str, list[Any]]:
    """What each activity is given, so that it would do something."""
    first, *_ = entries(reference)
    received = opening(reference)["received_at"]
    return {
        contracts.RECORD: [pack_entry(first)],
        contracts.RECORD_AND_SEND: [pack_entry(first)],
        contracts.SEND_NOTICE: [first.prompt[0]],
        contracts.SEND_DIGEST: [DigestRequest("manager@example.org", received)],
        contracts.RESOLVE_CHARTER: [contracts.CharterRequest(CHARTER, received)],
        contracts.PROVE: [contracts.ProofRequest(reference)],
        contracts.DIGEST_MAILBOXES: [],
        contracts.SEAL_LEDGER: [],
        contracts.ERASE_SOME: [""],
    }


@pytest.mark.parametrize("name", asked("FO-1"))
async def test_whoever_asks_for_what_a_decision_leads_to_gets_nothing_done(
    guarded: Guarded, name: str
) -> None:
    office = guarded.office
    reference, channel = office.reference(), office.channel
    assert isinstance(channel, MemoryChannel)
    sent = len(channel.taken)
    of_letters = name in {contracts.SEND_NOTICE, contracts.SEND_DIGEST}
    with pytest.raises(ActivityFailureError) as failed:
        await office.client.execute_activity(
            name,
            args=asked(reference)[name],
            id=f"asked-{uuid4()}",
            task_queue=letters_queue(office.task_queue) if of_letters else office.task_queue,
            schedule_to_close_timeout=LIMIT,
        )
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert (cause.type, cause.non_retryable) == ("Unproven", True), cause
    assert await office.ledger.standing(reference) is None
    assert len(channel.taken) == sent
