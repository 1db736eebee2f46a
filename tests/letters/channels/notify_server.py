"""A server on this machine that behaves as GOV.UK Notify's documentation says it does."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.letters.channels.web_server import serving

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"uphold-{SERVICE}-{SECRET}"
TEMPLATES = {"email": "an-email-template", "sms": "a-text-template", "letter": "a-letter-template"}
DAYS_KEPT = 7
PAGE = 3
"""Messages of a page: 250 at the real one."""


class NotifyDesk:
    """What was handed over, in which state it is, and what goes wrong next."""

    def __init__(self) -> None:
        self.url = ""
        self.messages: list[dict[str, Any]] = []
        self.age_days: dict[str, float] = {}
        self.asked: list[str] = []
        self.per_minute: int | None = None
        self.per_day: int | None = None
        self.text_limit = 918
        self.also_wants = ""
        """A place of its templates that nobody but their author knows of."""
        self.forbidden: set[str] = set()
        """The kinds of messages that the service may not send."""
        self.answers: tuple[int, str, str] | None = None
        """What it says to everybody: the status, the kind of the error and its words."""
        self.loses_replies = 0
        """How many of the next messages are taken and answered with an error of the server."""

    def became(self, reference: str, status: str) -> dict[str, Any]:
        """The message of that reference is in that state from now on."""
        found = next(each for each in self.messages if each["reference"] == reference)
        found["status"] = status
        return found

    async def take(self, request: Request) -> JSONResponse:
        self.asked.append("POST")
        kind, said = request.path_params["kind"], json.loads(await request.body())
        if wrong := _unproven(request) or self._too_many() or self._invalid(kind, said):
            return wrong
        message = {
            "id": str(uuid4()),
            "reference": said.get("reference"),
            "type": kind,
            "status": "created",
            "said": said,
        }
        self.messages.insert(0, message)
        if self.loses_replies:
            self.loses_replies -= 1
            return _error(500, "Exception", "Internal server error")
        return JSONResponse({"id": message["id"], "reference": message["reference"]}, 201)

    async def found(self, request: Request) -> JSONResponse:
        self.asked.append("GET")
        if wrong := _unproven(request):
            return wrong
        asked = request.query_params
        kept = [e for e in self.messages if self.age_days.get(e["reference"], 0) < DAYS_KEPT]
        if reference := asked.get("reference"):
            kept = [each for each in kept if each["reference"] == reference]
        if states := asked.getlist("status"):
            kept = [each for each in kept if each["status"] in states]
        if after := asked.get("older_than"):
            at = next(at for at, each in enumerate(kept) if each["id"] == after)
            kept = kept[at + 1 :]
        links = {"current": str(request.url)}
        if len(kept) >= PAGE:
            links["next"] = f"{request.url}&older_than={kept[PAGE - 1]['id']}"
        shown = [{k: v for k, v in e.items() if k != "said"} for e in kept[:PAGE]]
        return JSONResponse({"notifications": shown, "links": links})

    def _too_many(self) -> JSONResponse | None:
        if self.per_day is not None and len(self.messages) >= self.per_day:
            return _error(429, "TooManyRequestsError", "Exceeded send limits (50) for today")
        if self.per_minute is not None and len(self.messages) >= self.per_minute:
            limit = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
            return _error(429, "RateLimitError", limit)
        return None

    def _invalid(self, kind: str, said: dict[str, Any]) -> JSONResponse | None:
        if self.answers:
            return _error(*self.answers)
        if kind in self.forbidden:
            name = {"email": "emails", "sms": "text messages", "letter": "letters"}[kind]
            return _error(400, "BadRequestError", f"Service is not allowed to send {name}")
        if said.get("template_id") != TEMPLATES[kind]:
            return _error(400, "BadRequestError", "Template not found")
        words = said.get("personalisation", {})
        places = {"subject", "body", self.also_wants} - {""}
        if missing := places - words.keys():
            return _error(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        if kind == "sms" and len(words["body"]) > self.text_limit:
            limit = f"a character count greater than the limit of {self.text_limit}"
            return _error(400, "BadRequestError", f"Content for template has {limit}")
        wrong = {
            "email_address Not a valid email address": "@nowhere." in said.get("email_address", ""),
            "Address must be at least 3 lines": kind == "letter" and "address_line_3" not in words,
            "Last line of address must be a real UK postcode": kind == "letter"
            and "Atlantis" in str(words),
        }
        said_so = next((message for message, holds in wrong.items() if holds), None)
        return _error(400, "ValidationError", said_so) if said_so else None


def _unproven(request: Request) -> JSONResponse | None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    try:
        read = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"])
    except (JoseError, ValueError):
        return _error(403, "AuthError", "Invalid token: signature, api token not found")
    if read.claims["iss"] != SERVICE:
        return _error(403, "AuthError", "Invalid token: service not found")
    if abs(read.claims["iat"] - time.time()) > 30:
        return _error(403, "AuthError", "Error: Your system clock must be accurate")
    return None


def _error(status: int, kind: str, message: str) -> JSONResponse:
    return JSONResponse(
        {"status_code": status, "errors": [{"error": kind, "message": message}]}, status
    )


@asynccontextmanager
async def notify() -> AsyncIterator[NotifyDesk]:
    """The desk of such a server until the block ends."""
    desk = NotifyDesk()
    app = Starlette(
        routes=[
            Route("/v2/notifications/{kind}", desk.take, methods=["POST"]),
            Route("/v2/notifications", desk.found),
        ]
    )
    async with serving(app) as port:
        desk.url = f"http://127.0.0.1:{port}"
        yield desk
