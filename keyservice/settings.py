"""The settings of the key service."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class KeyServiceSettings(BaseSettings):
    """Where keys are asked for, and whose pages may ask."""

    key_service: str | None = Field(
        None,
        description="Address of `uphold codec-server`, from which apps and the script without `key_ring` get"
        " the keys that they seal with.",
        examples=["https://keys.council.example", "http://127.0.0.1:8088"],
    )
    codec_host: str = Field(
        "127.0.0.1", description="Address that `uphold codec-server` listens on."
    )
    codec_port: int = Field(
        8088, ge=0, le=65535, description="Port of `uphold codec-server`; `0` takes any free one."
    )
    codec_origins: str | None = Field(
        None,
        description="The places whose pages may ask `uphold codec-server`, with commas between them.",
        examples=["https://temporal.council.example"],
    )
