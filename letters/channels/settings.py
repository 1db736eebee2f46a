"""The settings of how notices leave."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from letters.channels.notify.outcomes import LIVE
from letters.channels.oauth import OUTLOOK


class ChannelSettings(BaseSettings):
    """The channel, what it needs, and whom notices come from."""

    channel: Literal["maildir", "smtp", "notify"] = Field(
        "maildir",
        description="How notices leave: into a mail folder, through a mail server, or by GOV.UK Notify.",
    )
    maildir: Path = Field(
        Path("var/outbox"), description="Mail folder that the `maildir` channel delivers into."
    )
    smtp_host: str | None = Field(
        None, description="Mail server. Must be set when `channel` is `smtp`."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_username: str | None = Field(
        None, description="User name at the mail server; none to send without signing in."
    )
    smtp_password: SecretStr | None = Field(
        None, description="Password at the mail server. Never logged or printed."
    )
    smtp_oauth_authority: str | None = Field(
        None,
        pattern=r"^https://",
        examples=["https://login.microsoftonline.com/TENANT"],
        description="Who gives tokens for the mail server, where it takes no password: Microsoft 365.",
    )
    smtp_oauth_client_id: str | None = Field(
        None,
        description="Id of the app that asks for tokens. Must be set with `smtp_oauth_authority`.",
    )
    smtp_oauth_client_secret: SecretStr | None = Field(
        None, description="Secret of that app. Never logged or printed."
    )
    smtp_oauth_scope: str = Field(
        OUTLOOK, min_length=1, description="What such a token has to be for."
    )
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        "starttls",
        description="Encryption towards the mail server: `tls` from the first byte (port 465),"
        " `starttls` after greeting (port 587), or `none`.",
    )
    smtp_timeout_seconds: float = Field(
        20.0, gt=0, le=300, description="Longest wait for one step of a mail server, in seconds."
    )
    notify_api_key: SecretStr | None = Field(
        None,
        description="Key of the service at GOV.UK Notify. Must be set when `channel` is `notify`. Never logged or printed.",
    )
    notify_url: str = Field(LIVE, pattern=r"^https?://", description="Where GOV.UK Notify answers.")
    notify_email_template: str | None = Field(
        None,
        description="Id of the e-mail template, with the subject `((subject))` and the message `((body))`. Must be set when"
        " `channel` is `notify`.",
    )
    notify_text_template: str | None = Field(
        None,
        description="Id of the text template, `((body))`. Without it who would rather be rung is rung, by the post room.",
    )
    notify_letter_template: str | None = Field(
        None,
        description="Id of the letter template, with the heading `((subject))` and the body `((body))`. Without it letters"
        " are posted by the post room.",
    )
    notify_callback_token: SecretStr | None = Field(
        None,
        min_length=20,
        description="Token that GOV.UK Notify shows when it says what became of a message: see `uphold mail listen`."
        " Never logged or printed.",
    )
    sender_address: str = Field(
        "complaints@example.org",
        pattern=r"^[^@\s]+@[^@\s]+$",
        examples=["complaints@council.example"],
        description="Address that notices come from. Must be set when `channel` is `smtp`.",
    )
    sender_name: str = Field("Complaints", description="Name that notices come from.")
    replies_address: str | None = Field(
        None,
        pattern=r"^[^@\s]+@[^@\s]+$",
        examples=["complaints@council.example"],
        description="Mailbox that answers to letters go to, and that `uphold mail` reads. Letters ask for answers"
        " to it with the reference before its `@`: `complaints+REFERENCE@council.example`. Without it they"
        " go to the charter's own address.",
    )
    bounces_address: str | None = Field(
        None,
        pattern=r"^[^@\s]+@[^@\s]+$",
        examples=["bounces@council.example"],
        description="Mailbox that mail servers send word to of letters that did not arrive. The letter is named before"
        " its `@`: `bounces+LETTER@council.example`. Without it word goes to `sender_address`.",
    )

    @model_validator(mode="after")
    def _mail_server_is_complete(self) -> Self:
        if self.channel == "smtp":
            if not self.smtp_host:
                raise ValueError("smtp_host must be set when channel is 'smtp'")
            if "sender_address" not in self.model_fields_set:
                raise ValueError("sender_address must be set when channel is 'smtp'")
        # Its key is asked for where letters leave: who reads mail or sets up has no use for it.
        if self.channel == "notify" and not self.notify_email_template:
            raise ValueError("notify_email_template must be set when channel is 'notify'")
        oauth = (
            self.smtp_oauth_authority,
            self.smtp_oauth_client_id,
            self.smtp_oauth_client_secret,
        )
        if any(oauth):
            if not (all(oauth) and self.smtp_username) or self.smtp_password:
                raise ValueError(
                    "smtp_oauth_authority, smtp_oauth_client_id, smtp_oauth_client_secret and smtp_username"
                    " must be set together, and smtp_password not"
                )
        elif (self.smtp_username is None) != (self.smtp_password is None):
            raise ValueError("smtp_username and smtp_password must be set together, or neither")
        return self
