"""The settings of metrics and traces."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class TelemetrySettings(BaseSettings):
    """What a worker tells the tools of a platform team."""

    metrics_address: str | None = Field(
        None,
        pattern=r"^(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:]+\]):\d{1,5}$",
        examples=["127.0.0.1:9464", "0.0.0.0:9464"],
        description="Address and port at which a worker shows its metrics and the SDK's to Prometheus"
        " (`/metrics`). Without one there are none. They show no data of any complaint.",
    )
    traces_endpoint: str | None = Field(
        None,
        pattern=r"^https?://\S+$",
        examples=["http://127.0.0.1:4318/v1/traces"],
        description="Address of an OpenTelemetry collector (OTLP over HTTP) that gets the traces of workers, apps"
        " and the admin script, from the call to the letter. Without one there are none. They hold ids and names"
        " of verbs, and nothing that somebody wrote.",
    )
    metrics_interval_seconds: float = Field(
        30.0,
        ge=1,
        le=3600,
        description="How often a worker that shows metrics reads the figures of the ledger (open, due today,"
        " late, notices), in seconds: two queries, however often Prometheus asks.",
    )
