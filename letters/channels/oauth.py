"""Signing in at a mail server with a token in place of a password, as Microsoft 365 asks for.

Owns how the token is got: by the client credentials of an app that may send mail (OAuth 2.0, RFC 6749 4.4).
It is kept until shortly before it ends.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from letters.channels.port import TemporaryFailure

OUTLOOK = "https://outlook.office365.com/.default"
"""What a token for the mail servers of Microsoft 365 has to be for."""


@dataclass(frozen=True)
class Tokens:
    """Who asks whom for tokens; `authority` is such as `https://login.microsoftonline.com/TENANT`."""

    authority: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = OUTLOOK

    async def get(self) -> str:
        """A token that is good now. Raises `TemporaryFailure` where none is given: that is no recipient's fault."""
        from msal.exceptions import MsalError

        try:
            answer = await asyncio.to_thread(self._ask)
        except (OSError, ValueError, MsalError) as error:
            why = f"{type(error).__name__} from {self.authority}"
            raise TemporaryFailure(f"No token for the mail server: {why}", "oauth") from error
        if "access_token" in answer:
            return str(answer["access_token"])
        why = answer.get("error_description") or answer.get("error") or "no reason given"
        raise TemporaryFailure(f"No token for the mail server: {why}", "oauth")

    def _ask(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._app.acquire_token_for_client(scopes=[self.scope])
        return answer

    @cached_property
    def _app(self) -> Any:
        from msal import ConfidentialClientApplication

        return ConfidentialClientApplication(
            self.client_id,
            client_credential=self.client_secret,
            authority=self.authority,
            instance_discovery=False,
        )
