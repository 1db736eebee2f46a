"""Owns the way to the Temporal server: where it is, waiting for it, and what its silence means.

The SDK's runtime is made here too: left alone, its Rust core writes its log lines to standard
output, in the middle of what a command prints as JSON.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import re
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, Plugin
from temporalio.common import HeaderCodecBehavior
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError, RPCStatusCode

from engine.errors import (
    NamespaceMissing,
    ServerRefused,
    ServerUnavailable,
    SettingsError,
    is_text,
    unavailable,
    why_no_answer,
)
from telemetry import metrics, traces

if TYPE_CHECKING:
    from engine.settings import Settings
    from sealing.data_keys import DataKeys

DEFAULT_ADDRESS = "127.0.0.1:7233"
_PAUSE = timedelta(seconds=0.25)
_ATTEMPT = timedelta(seconds=10)
"""A server behind a firewall that drops packets would otherwise hold one attempt for minutes."""
_REFUSALS = (RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED)

_HANDING_OVER = timedelta(seconds=0.1)
_REFUSED_AT_ONCE = re.compile(
    r'code: (Unauthenticated|PermissionDenied).*?message: "(?P<why>[^"]*)"'
)

Progress = Callable[[str], None]
_page: list[PrometheusConfig | None] = [None]
"""Where the runtime shows its metrics, once it is made."""


@cache
def runtime() -> Runtime:
    """The SDK's one runtime of this process; its core's warnings go to Python's logging."""
    forwarding = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
    )
    chosen = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logs = LoggingConfig(filter=chosen, forwarding=forwarding)
    atexit.register(_let_the_core_hand_over)
    made = Runtime(
        telemetry=TelemetryConfig(logging=logs, metrics=_page[0], attach_service_name=False)
    )
    if _page[0]:
        metrics.use(made.metric_meter)
    return made


def show_metrics(address: str | None) -> None:
    """Lets the process's runtime show its metrics at `HOST:PORT`, if at all.

    Raises `SettingsError` where it cannot listen there. To be called before anything connects: a process has one
    runtime, and a runtime has its page from the beginning.
    """
    if address is None or (_page[0] and _page[0].bind_address == address):
        return
    _page[0] = metrics.page(address)
    try:
        runtime()
    except ValueError as error:
        raise SettingsError(
            f"metrics_address: {address} cannot be listened on: {error}. It is an address and a port, such as"
            " 127.0.0.1:9464."
        ) from None


def _let_the_core_hand_over() -> None:
    """Holds the interpreter's end back for a moment: programs of others end through it, and not by `leave`.

    A thread of the SDK's core that just now hands over an answer needs the interpreter once more; where that is
    gone, the process aborts (`PyGILState_Release`, temporalio/sdk-python issue 300): one in six of those that
    ended at once, on a busy machine. Python tells nobody which threads are not its own, so this waits.
    """
    time.sleep(_HANDING_OVER.total_seconds())


async def connect(
    settings: Settings,
    *,
    keys: DataKeys | None = None,
    plugins: Sequence[Plugin] = (),
    check_namespace: bool = True,
    progress: Progress | None = None,
) -> Client:
    """A client for the server and namespace that the SDK's environment configuration names.

    Tries for `connect_timeout_seconds`, since a server's port opens before it answers; `progress`
    is told once that it waits. With `keys`, whatever is sent is sealed. Raises `ServerUnavailable`, `ServerRefused`, `NamespaceMissing`
    (only with `check_namespace`), or `SettingsError` for a connection profile that is wrong.
    """
    traces.use(settings.traces_endpoint)
    patience = timedelta(seconds=settings.connect_timeout_seconds)
    every = [_uphold(keys), *plugins]
    found = profile(settings.api_key_file)
    return await _connect(found, patience, every, check_namespace, progress)


async def connect_as(
    found: ClientConnectConfig, patience: timedelta, keys: DataKeys | None = None
) -> Client:
    """As `connect`, with a profile that was read before."""
    return await _connect(found, patience, (_uphold(keys),))


async def connect_plainly(
    patience: timedelta, api_key_file: Path | None = None, keys: DataKeys | None = None
) -> Client:
    """As `connect`, for whoever only sends and reads JSON: neither models nor a sandbox are loaded."""
    converter = DataConverter.default
    if keys:
        from sealing.codec import PlainConverter, SealedFailures, SealingCodec

        converter = DataConverter(
            payload_converter_class=PlainConverter,
            payload_codec=SealingCodec(keys),
            failure_converter_class=SealedFailures,
        )
    return await _connect(profile(api_key_file), patience, converter=converter)


async def connect_here(address: str, patience: timedelta, keys: DataKeys | None = None) -> Client:
    """A client for the default namespace of a server that this process started at `address`.

    The environment's profile is left aside: its credentials belong to another server. Raises
    `ServerUnavailable` when `patience` is over.
    """
    return await connect_as(ClientConnectConfig(target_host=address), patience, keys)


def _uphold(keys: DataKeys | None) -> Plugin:
    from engine.plugin import UpholdPlugin

    return UpholdPlugin(keys)


async def _connect(
    profile: ClientConnectConfig,
    patience: timedelta,
    plugins: Sequence[Plugin] = (),
    check_namespace: bool = True,
    progress: Progress | None = None,
    converter: DataConverter = DataConverter.default,
) -> Client:
    profile = {"target_host": DEFAULT_ADDRESS, **profile}
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience.total_seconds()
    while True:
        try:
            async with asyncio.timeout(_ATTEMPT.total_seconds()):
                client = await Client.connect(
                    **profile, plugins=plugins, data_converter=converter, runtime=runtime(),
                    interceptors=traces.interceptors(),
                    header_codec_behavior=_headers(converter),
                )  # fmt: skip
                if check_namespace:
                    await require_namespace(client)
        except (RuntimeError, RPCError, TimeoutError) as error:
            _give_up_if_refused(error, profile)
            if loop.time() + _PAUSE.total_seconds() > deadline:
                raise unavailable(
                    str(profile["target_host"]), patience, error, over_tls=bool(profile.get("tls"))
                ) from error
            if progress:
                progress(f"Waiting for the Temporal server at {profile['target_host']} …")
                progress = None  # told once
            await asyncio.sleep(_PAUSE.total_seconds())
        else:
            return client


def _headers(converter: DataConverter) -> HeaderCodecBehavior:
    """Tokens in headers are sealed where what is sent is."""
    sealed = converter.payload_codec is not None
    return HeaderCodecBehavior.CODEC if sealed else HeaderCodecBehavior.NO_CODEC


async def require_namespace(client: Client) -> None:
    """Returns when the server holds the client's namespace; raises `NamespaceMissing` if not."""
    try:
        await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), timeout=timedelta(seconds=5)
        )
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        raise NamespaceMissing(
            f"The Temporal server at {client.service_client.config.target_host} has no namespace"
            f" {client.namespace!r}. Run `uphold setup` to create it, or name another in"
            " TEMPORAL_NAMESPACE."
        ) from None


async def require_answer(client: Client) -> None:
    """As `require_namespace`, and says in words what the server refuses or why it does not answer."""
    try:
        await require_namespace(client)
    except RPCError as error:
        address = client.service_client.config.target_host
        if error.status in _REFUSALS:
            raise _refused(error.message, address, client.namespace) from None
        raise ServerUnavailable(
            f"The Temporal server at {address} does not answer: {why_no_answer(error)}."
        ) from None


def profile(api_key_file: Path | None = None) -> ClientConnectConfig:
    """How the server is reached, as environment and files say at this moment.

    Raises `SettingsError` for what is wrong in them.
    """
    found = _profile()
    if api_key_file is not None:
        try:
            found["api_key"] = api_key_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise SettingsError(f"api_key_file: {api_key_file} cannot be read: {error}.") from None
    return found


def _profile() -> ClientConnectConfig:
    # The SDK breaks on a variable that is no text, whoever's it is.
    text = {name: value for name, value in os.environ.items() if is_text(name + value)}
    if odd := [name for name in os.environ if name.startswith("TEMPORAL_") and name not in text]:
        raise SettingsError(f"{', '.join(odd)}: what is set there is not UTF-8 text.")
    try:
        return ClientConfigProfile.load(override_env_vars=text).to_client_connect_config()
    except (RuntimeError, OSError) as error:
        raise SettingsError(f"The Temporal connection profile is wrong: {error}") from None


def _give_up_if_refused(error: Exception, profile: ClientConnectConfig) -> None:
    if isinstance(error, RPCError):
        why = error.message if error.status in _REFUSALS else None
    else:  # the SDK's first call of all fails with no more than a text
        said = _REFUSED_AT_ONCE.search(str(error))
        why = said["why"] if said else None
    if why is not None:
        namespace = profile.get("namespace") or "default"
        raise _refused(why, str(profile["target_host"]), namespace) from None


def _refused(why: str, address: str, namespace: str) -> ServerRefused:
    return ServerRefused(
        f"The Temporal server at {address} does not accept these credentials"
        f" for namespace {namespace!r}: {why}."
        " Check TEMPORAL_API_KEY (or UPHOLD_API_KEY_FILE) and the TEMPORAL_TLS_… variables."
    )
