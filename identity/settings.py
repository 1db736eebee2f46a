"""The settings of who acts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from identity.header import KEPT_TOKEN


class IdentitySettings(BaseSettings):
    """How a worker proves who acts, and what an app or the script shows for itself."""

    identity: Literal["tokens", "off"] = Field(
        "tokens",
        description="Whether nobody acts without a token that proves who they are. `off` is for trying out:"
        " everybody may then say to be anybody, and every start warns of it.",
    )
    identity_issuer: str | None = Field(
        None,
        description="Who issues the tokens that count: their `iss`. Of an OpenID Connect provider it is the address"
        " below which it describes itself. Must be set unless `identity` is `off`.",
        examples=["https://login.council.example"],
    )
    identity_keys: str | None = Field(
        None,
        description="Where the issuer publishes its keys, as a JSON Web Key Set. Without it they are where the"
        " provider at `identity_issuer` says.",
        examples=["https://login.council.example/keys", "/etc/uphold/keys.json"],
    )
    identity_audience: str = Field(
        "uphold", min_length=1, description="For whom a token must be: one of its `aud`."
    )
    identity_id_claim: str = Field(
        "sub",
        min_length=1,
        description="Claim with somebody's id. It must be one that nobody chooses or gets from somebody else.",
        examples=["preferred_username"],
    )
    identity_roles_claim: str = Field(
        "roles",
        min_length=1,
        description="Claim with somebody's roles; dots lead into it.",
        examples=["realm_access.roles"],
    )
    identity_roles: str | None = Field(
        None,
        description="Which of their roles is which of ours; without it they are ours.",
        examples=["complaints-staff=case-handler, complaints-leads=manager"],
    )
    identity_refresh_seconds: float = Field(
        30.0,
        ge=0,
        le=3600,
        description="How long after one reading of the keys an unknown one makes them be read again, in seconds.",
    )
    identity_client_id: str = Field(
        "uphold",
        min_length=1,
        description="What the script is called at the provider where `uphold login` logs people in.",
    )
    identity_scopes: str = Field(
        "openid profile",
        min_length=1,
        description="What `uphold login` asks of the provider; many renew a login only with `offline_access`.",
        examples=["openid profile offline_access"],
    )
    identity_sends: Literal["id-token", "access-token"] = Field(
        "id-token",
        description="Which token of that login proves who acts. An ID token is for `identity_client_id`; an access"
        " token counts where it is a JWT for `identity_audience`.",
    )
    token_file: Path = Field(
        Path(KEPT_TOKEN),
        description="File with the token that apps and the admin script send, which `uphold login` writes."
        " It is read anew each time; where there is none, no token is sent.",
    )
