"""GOV.UK Notify as a channel: an e-mail, a text or a letter, by how the person is reached.

Owns how a letter becomes one of Notify's messages, and which of its messages is which of our notices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from letters.channels.notify.client import NotifyClient
from letters.channels.port import Mail, PermanentRefusal, Way
from letters.languages import headings

_KINDS = {Way.EMAIL: "email", Way.TEXT: "sms", Way.LETTER: "letter"}
_UNSENT = frozenset({"technical-failure"})
"""States in which Notify has not sent the message and will not."""
_BEFORE = r"(?= *(?:[#^*•+=_|:\[`~]|\d+\.|-(?! [^\s-])))"
_MARKS = re.compile(rf"^{_BEFORE}|(?<=^- ){_BEFORE}|(?<=\])(?=\()", re.MULTILINE)
"""Where words would become Notify's headings, insets, tables, links or lists but ours: "12.50 was paid" its item 1."""
_NOTHING = "\u200b"
"""A space without width: words stay as they were, and begin with nothing that Notify knows. Blanks it skips."""


class NotifyChannel:
    """Hands each notice to Notify under its key, with the templates of the service for each way."""

    name = "notify"

    def __init__(
        self, client: NotifyClient, templates: Mapping[Way, str], *, own_words: Path | None = None
    ) -> None:
        """`templates` are ids of templates with the places `((subject))` and `((body))`; of a text `((body))`.

        `own_words` is a folder of an organisation's own letters: their headings are headings as well.
        """
        self._client, self._templates = client, templates
        self._headings = headings(own_words)
        self.ways = frozenset(templates)

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Return once Notify has taken the message. Raises `PermanentRefusal` or `TemporaryFailure`.

        Nothing comes before the hand-over, so patience makes no difference.
        """
        del patience_seconds
        if mail.way not in self._templates:
            raise PermanentRefusal(
                f"No template of GOV.UK Notify is set for: {mail.way}.", "notify-way"
            )
        await self._client.post(_KINDS[mail.way], self._message(mail))

    async def find(self, message_id: str, key: str = "") -> bool | None:
        """Whether Notify has the message of that key, and did not fail before it sent it.

        It is asked before each repeat, for it takes a second message of one reference as readily as the
        first. It forgets after about a week, and for no longer than that is a message tried.
        """
        del message_id
        return any(each["status"] not in _UNSENT for each in await self._client.of_reference(key))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _message(self, mail: Mail) -> dict[str, Any]:
        words = {"subject": mail.subject, "body": self._body(mail)}
        message = {"template_id": self._templates[mail.way], "reference": mail.key}
        if mail.way is Way.TEXT:
            return message | {"phone_number": mail.recipient, "personalisation": words}
        if mail.way is Way.EMAIL:
            return message | {"email_address": mail.recipient, "personalisation": words}
        lines = mail.recipient.split("\n")
        address = {f"address_line_{number}": line for number, line in enumerate(lines, 1)}
        return message | {"personalisation": words | address}

    def _body(self, mail: Mail) -> str:
        """The letter's words as Notify lays them out: headings of ours as its own, and nobody else's."""
        if mail.way is Way.TEXT:
            return mail.body
        lines = ["", *_MARKS.sub(_NOTHING, mail.body).split("\n"), ""]
        around = zip(lines, lines[1:], lines[2:], strict=False)
        return "\n".join(
            f"# {line.capitalize()}"
            if line in self._headings and not before.strip() and not behind.strip()
            else line
            for before, line, behind in around
        )
