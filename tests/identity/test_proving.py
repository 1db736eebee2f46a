"""A token is taken from whom it is about, until its end, and refused by the name of what is wrong."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.errors import SecurityWarning
from joserfc.jwk import Key

from domain.complaint.commands import Actor
from domain.complaint.decider.access import OPENERS
from domain.errors import REFUSALS, Unproven
from domain.vocabulary import Role
from engine.errors import SettingsError
from identity.claims import named_in, roles_in
from identity.keys import PublishedKeys
from identity.proving import OF_ONE, OPEN_DOOR
from tests.identity.tokens import FAULTS, claims_for, door, new_key, publish, signed

MANAGER = {"id": "m.rees", "name": "M Rees", "role": "manager"}


@pytest.fixture(scope="module", params=["OKP", "EC", "RSA"])
def key(request: pytest.FixtureRequest) -> Key:
    """A key of each kind."""
    return new_key(request.param)


@pytest.fixture
def keys(tmp_path: Path, key: Key) -> Path:
    """Where it is published."""
    publish(tmp_path / "keys.json", key)
    return tmp_path / "keys.json"


def test_whoever_the_token_is_about_may_act(key: Key, keys: Path) -> None:
    token = signed(key, claims_for(MANAGER))
    door(keys).check(token, "A-1", Actor.model_validate(MANAGER))
    assert named_in(token) == ("https://login.council.example", "token-1")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("role", Role)
def test_every_fault_is_named_whatever_the_role(
    key: Key, keys: Path, fault: str, role: Role
) -> None:
    make, words = FAULTS[fault]
    actor = MANAGER | {"role": role}
    token = make(key, actor) if make else None
    with pytest.raises(Unproven, match=words) as refused:
        door(keys).check(token, "A-1", Actor.model_validate(actor))
    assert REFUSALS["Unproven"] is type(refused.value)
    assert not token or token not in str(refused.value)


def test_nobody_acts_in_a_role_that_the_token_does_not_give(key: Key, keys: Path) -> None:
    token = signed(key, claims_for(MANAGER))
    for role in set(Role) - {Role.MANAGER}:
        with pytest.raises(Unproven, match=f"does not give the role {role}"):
            door(keys).check(token, "A-1", Actor.model_validate(MANAGER | {"role": role}))


def test_a_token_for_one_complaint_is_good_for_that_one(key: Key, keys: Path) -> None:
    token = signed(key, claims_for(MANAGER, complaint="A-1"))
    door(keys).check(token, "A-1", Actor.model_validate(MANAGER))


@pytest.mark.parametrize("role", sorted(OF_ONE))
def test_a_customer_acts_in_the_complaint_that_the_token_names_and_in_no_other(
    key: Key, keys: Path, role: Role
) -> None:
    ann = {"id": "ann", "name": "Ann Price", "role": role}
    with pytest.raises(Unproven, match="has to name the one complaint"):
        door(keys).check(signed(key, claims_for(ann)), "A-1", Actor.model_validate(ann))
    token = signed(key, claims_for(ann, complaint="A-1"))
    door(keys).check(token, "A-1", Actor.model_validate(ann))


@pytest.mark.parametrize("role", Role)
def test_a_complaint_is_opened_by_staff_or_an_app(key: Key, keys: Path, role: Role) -> None:
    token = signed(key, claims_for(MANAGER | {"role": role}))
    if role in OPENERS:
        opener = door(keys).opener(token, "A-1", OPENERS)
        assert opener == Actor.model_validate(MANAGER | {"role": role})
    else:
        with pytest.raises(Unproven, match="open no complaint"):
            door(keys).opener(token, "A-1", OPENERS)


def test_a_token_without_an_id_is_told_by_a_digest_and_one_without_a_name_by_its_subject(
    key: Key, keys: Path
) -> None:
    token = signed(key, claims_for(MANAGER, jti=None, name=None))
    door(keys).check(token, "A-1", Actor.model_validate(MANAGER | {"name": "m.rees"}))
    assert len(named_in(token)[1]) == 16


def test_where_no_token_is_required_one_that_comes_is_checked_all_the_same(
    key: Key, keys: Path
) -> None:
    lax, actor = door(keys, required=False), Actor.model_validate(MANAGER)
    lax.check(None, "A-1", actor)
    lax.check(signed(key, claims_for(MANAGER)), "A-1", actor)
    with pytest.raises(Unproven, match="expired"):
        lax.check(signed(key, claims_for(MANAGER, exp=1)), "A-1", actor)
    with pytest.raises(Unproven, match="nothing is set here"):
        OPEN_DOOR.check(signed(key, claims_for(MANAGER)), "A-1", actor)


def test_a_new_key_is_known_without_a_restart_and_one_taken_back_no_longer(
    tmp_path: Path,
) -> None:
    old, new = new_key(), new_key()
    place = tmp_path / "keys.json"
    publish(place, old)
    keeper, actor = door(place), Actor.model_validate(MANAGER)
    keeper.check(signed(old, claims_for(MANAGER)), "A-1", actor)
    publish(place, new)
    keeper.check(signed(new, claims_for(MANAGER)), "A-1", actor)
    with pytest.raises(Unproven, match="unknown key"):
        keeper.check(signed(old, claims_for(MANAGER)), "A-1", actor)


def test_unknown_keys_make_the_published_ones_be_read_no_more_often_than_set(
    tmp_path: Path,
) -> None:
    old, new = new_key(), new_key()
    place = tmp_path / "keys.json"
    publish(place, old)
    keeper, actor = door(place, again_after=3600), Actor.model_validate(MANAGER)
    keeper.check(signed(old, claims_for(MANAGER)), "A-1", actor)
    publish(place, new)
    with pytest.raises(Unproven, match="unknown key"):
        keeper.check(signed(new, claims_for(MANAGER)), "A-1", actor)


def test_keys_that_cannot_be_read_for_a_while_leave_those_known_good(tmp_path: Path) -> None:
    key, place = new_key(), tmp_path / "keys.json"
    publish(place, key)
    keeper, actor = door(place), Actor.model_validate(MANAGER)
    keeper.check(signed(key, claims_for(MANAGER)), "A-1", actor)
    place.unlink()
    with pytest.raises(Unproven, match="unknown key"):
        keeper.check(signed(new_key(), claims_for(MANAGER)), "A-1", actor)
    keeper.check(signed(key, claims_for(MANAGER)), "A-1", actor)


def test_ed25519_is_taken_under_its_older_name_too(tmp_path: Path) -> None:
    key, head = new_key(), {"alg": "EdDSA"}
    publish(tmp_path / "keys.json", key)
    with pytest.warns(SecurityWarning, match="deprecated"):
        token = jwt.encode(head, claims_for(MANAGER), key, algorithms=["EdDSA"])
    door(tmp_path / "keys.json").check(token, "A-1", Actor.model_validate(MANAGER))


def test_a_weak_key_and_a_key_of_another_kind_prove_nothing(tmp_path: Path) -> None:
    place, actor = tmp_path / "keys.json", Actor.model_validate(MANAGER)
    good = new_key("EC")
    publish(place, good)
    token = signed(new_key("OKP"), claims_for(MANAGER), kid=good.kid)
    with pytest.raises(Unproven, match="none for Ed25519"):
        door(place).check(token, "A-1", actor)


NO_SETS = {
    "no JSON": "{",
    "no set": "[]",
    "empty": '{"keys": []}',
    "none that is known": '{"keys": [{"kty": "magic", "kid": "1"}]}',
}


@pytest.mark.parametrize("text", NO_SETS.values(), ids=NO_SETS)
def test_a_worker_does_not_start_with_keys_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(SettingsError, match="identity_keys"):
        door(tmp_path / "keys.json").verifier.keys.require()  # type: ignore[union-attr]


def test_keys_do_not_come_in_the_clear() -> None:
    with pytest.raises(SettingsError, match="in the clear"):
        PublishedKeys("http://login.council.example/keys", timedelta())
    PublishedKeys("http://127.0.0.1:9/keys", timedelta())


def test_roles_are_read_where_an_issuer_keeps_them_and_called_as_we_do() -> None:
    claims = {"realm_access": {"roles": ["cms-lead", "tea-maker"]}, "scope": "quality openid"}
    mapped = {"cms-lead": Role.MANAGER}
    assert roles_in(claims, "realm_access.roles", mapped) == (Role.MANAGER,)
    assert roles_in(claims, "scope") == (Role.QUALITY,)
    odd: dict[str, Any]
    for odd in ({}, {"roles": 3}, {"roles": [None, {}]}, {"roles": {"manager": 1}}):
        assert roles_in(odd, "roles") == ()
