"""The same office as the tests of the client: a server, a ledger and a worker."""

from __future__ import annotations

from tests.starter.conftest import office

__all__ = ["office"]
