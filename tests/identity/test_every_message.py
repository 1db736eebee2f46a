"""Every verb by every role with every fault of a token: held against what a worker's validator asks, word for word.

All pairs of these go through the wire too (`test_wire`); the whole product is too much for a server.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc.jwk import Key
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.worker import HandleUpdateInput

from domain.complaint.decider.registry import VERBS
from domain.vocabulary import Role
from identity.header import HEADER
from identity.interceptors import check_update
from identity.proving import Doorkeeper
from identity.sending import payload_of
from tests.domain.playing.said import SAID
from tests.identity.tokens import FAULTS, claims_for, door, new_key, publish, signed
from tests.workflows.player import PEOPLE, as_json, opening

REFERENCE = "A-1"


@pytest.fixture(scope="module")
def key() -> Key:
    """The issuer's."""
    return new_key()


@pytest.fixture(scope="module")
def keeper(key: Key, tmp_path_factory: pytest.TempPathFactory) -> Doorkeeper:
    """A door that trusts the issuer, and reads its keys seldom."""
    place = tmp_path_factory.mktemp("issuer") / "keys.json"
    publish(place, key)
    return door(place, again_after=3600)


@pytest.fixture(scope="module")
def tokens(key: Key) -> dict[tuple[Role, str], str | None]:
    """A token of somebody in each role with each fault, and one without any."""
    made: dict[tuple[Role, str], str | None] = {}
    for role in Role:
        actor = PEOPLE[role].model_dump()
        for fault, (make, _) in FAULTS.items():
            made[role, fault] = make(key, actor) if make else None
        made[role, "good"] = signed(key, claims_for(actor, complaint=REFERENCE))
        others = [str(each) for each in Role if each is not role]
        made[role, "in another role"] = signed(
            key, claims_for(actor, complaint=REFERENCE, roles=others)
        )
    return made


def said(verb: str) -> dict[str, Any]:
    at = {"received_at", "requested_at", "answered_at"} & VERBS[verb].model_fields.keys()
    return {name: opening("x")["received_at"].isoformat() for name in at} | SAID[verb]


def message(verb: str, role: Role, token: str | None) -> HandleUpdateInput:
    """The update as the SDK hands it to a validator."""
    argument = as_json({"command_id": "1", "actor": PEOPLE[role].model_dump()} | said(verb))
    given = RawValue(Payload(data=json.dumps(argument).encode()))
    headers = {} if token is None else {HEADER: payload_of(token)}
    return HandleUpdateInput("1", verb, [given], headers)


def refused(keeper: Doorkeeper, asked: HandleUpdateInput) -> tuple[str, str]:
    with pytest.raises(ApplicationError) as error:
        check_update(keeper, REFERENCE, asked)
    assert error.value.non_retryable
    return str(error.value.type), error.value.message


@pytest.mark.parametrize("verb", VERBS)
def test_is_13_a_verb_is_let_through_to_nobody_but_whom_a_good_token_is_about(
    keeper: Doorkeeper, tokens: dict[tuple[Role, str], str | None], verb: str
) -> None:
    for (role, fault), token in tokens.items():
        asked = message(verb, role, token)
        if fault == "good":
            check_update(keeper, REFERENCE, asked)
            continue
        words = FAULTS[fault][1] if fault in FAULTS else f"does not give the role {role}"
        kind, told = refused(keeper, asked)
        assert (kind, words in told) == ("Unproven", True), (role, fault, told)
        assert not token or token not in told


@pytest.mark.parametrize("role", Role)
def test_what_is_no_message_is_refused_to_whoever_sends_it(
    keeper: Doorkeeper, tokens: dict[tuple[Role, str], str | None], role: Role
) -> None:
    good = tokens[role, "good"]
    for headers in (
        {HEADER: Payload(data=b"[")},
        {HEADER: Payload(data=b"7")},
        {HEADER: Payload()},
    ):
        asked = message("update", role, good)
        asked.headers = headers
        assert refused(keeper, asked)[0] == "Unproven"
    asked = message("update", role, good)
    asked.args = []
    assert refused(keeper, asked)[0] == "InvalidCommand"
