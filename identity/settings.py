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
        description="Who issues the tokens that count: their `iss`. Must be set unless `identity` is `off`.",
        examples=["https://login.council.example"],
    )
    identity_keys: str | None = Field(
        None,
        description="Where the issuer publishes its keys, as a JSON Web Key Set. Must be set with"
        " `identity_issuer`.",
        examples=["https://login.council.example/keys", "/etc/uphold/keys.json"],
    )
    identity_audience: str = Field(
        "uphold", min_length=1, description="For whom a token must be: one of its `aud`."
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
    token_file: Path = Field(
        Path(KEPT_TOKEN),
        description="File with the token that apps and the admin script send, which `uphold login` writes."
        " It is read anew each time; where there is none, no token is sent.",
    )
