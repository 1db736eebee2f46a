"""Whatever stands where a token should, a complaint refuses it by name and goes on."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from temporalio.api.common.v1 import Header, Payload, Payloads, WorkflowExecution
from temporalio.api.workflowservice.v1 import SignalWorkflowExecutionRequest

from identity.claims import named_in
from identity.header import HEADER, LONGEST, token_in
from identity.proving import Doorkeeper
from tests.identity.guarded import Guarded, said
from tests.identity.tokens import claims_for, door, new_key, publish
from tests.workflows.player import PEOPLE, eventually

HALF = "\ud800"
"""Half a character: JSON can say it, and no text can hold it."""


def part(content: Any) -> str:
    """A part of a token."""
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def token(header: dict[str, Any], **claims: Any) -> str:
    """A token that nobody has signed."""
    actor = PEOPLE["upstream-app"].model_dump()
    return f"{part(header)}.{part(claims_for(actor, **claims))}.{part('x' * 60)}"


ODD: dict[str, bytes] = {
    "half a character": json.dumps(HALF).encode(),
    "half a character in a token": json.dumps(token({"alg": "EdDSA"}) + HALF).encode(),
    "a nesting without end": b"[" * 200_000,
    "bytes": b"\xff\xfe",
    "another script": json.dumps("ключ").encode(),
    "a key called half a character": json.dumps(token({"alg": "EdDSA", "kid": HALF})).encode(),
    "an algorithm called so": json.dumps(token({"alg": HALF})).encode(),
    "a kind called so": json.dumps(token({"alg": "EdDSA", "typ": HALF})).encode(),
    "an issuer called so": json.dumps(token({"alg": "EdDSA"}, iss=HALF, jti=HALF)).encode(),
    "a key that writes upon a terminal": json.dumps(
        token({"alg": "EdDSA", "kid": "\x1b[2J"})
    ).encode(),
}


@pytest.mark.parametrize("kind", ODD)
async def test_a_signal_with_something_odd_for_a_token_is_refused_and_the_complaint_goes_on(
    guarded: Guarded, kind: str
) -> None:
    case, client = await guarded.opened(), guarded.office.client
    argument = case.argument("record_contact", "upstream-app", **said("record_contact"))
    request: Any = SignalWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=f"complaint:{case.reference}"),
        signal_name="record_contact",
        input=Payloads(payloads=await client.data_converter.encode([argument])),
        header=Header(
            fields={HEADER: Payload(metadata={"encoding": b"json/plain"}, data=ODD[kind])}
        ),
    )
    await client.workflow_service.signal_workflow_execution(request)

    async def refused() -> list[tuple[str, str]]:
        events = await guarded.office.ledger.events(case.reference)
        return [(each.refusal, each.message) for each in events if each.kind == "command-refused"]

    ((refusal, message),) = await eventually(refused)
    assert refusal == "Unproven"
    assert message.isprintable()


@pytest.mark.parametrize("kind", ODD)
def test_what_is_said_of_something_odd_can_be_written_down(kind: str, keeper: Doorkeeper) -> None:
    """By an update's validator, an opening's proof and the key service alike."""
    text = token_in({HEADER: Payload(data=ODD[kind])})
    assert text is not None
    for each in named_in(text):
        assert each.encode().isascii()
    with pytest.raises(Exception, match=r"token") as refused:
        keeper.proven(text)
    assert type(refused.value).__name__ == "Unproven"
    assert str(refused.value).isprintable()


@pytest.fixture
def keeper(tmp_path: Any) -> Doorkeeper:
    """A door that trusts one issuer."""
    publish(tmp_path / "keys.json", new_key(), new_key())
    return door(tmp_path / "keys.json")


def test_the_longest_token_is_one_and_a_longer_is_none() -> None:
    for length, there in ((LONGEST, True), (LONGEST + 1, False)):
        text = json.dumps("x" * length).encode()
        assert bool(token_in({HEADER: Payload(data=text)})) is there
