"""What no person wrote is put away, and what only looks so waits for a person: nobody's words are put away unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from mail.automatic import why_automatic, why_doubtful
from mail.desk import Became
from tests.mail.notebook import Notebook, desk
from tests.mail.samples import ANN, LETTER, LETTER_ID, OURS, RECEIVED, REFERENCE, came, written

TO_IT = f"complaints+{REFERENCE}@council.example"


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (out of office)"},
        {"Auto_Submitted": "auto-replied; owner-email=ann@customer.example"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"Return_Path": "<MAILER-DAEMON>"},
        {"X_Auto_Reply": "yes"},
        {"X_Mail_Autoreply": "1"},
        {"X_Precedence": "auto_reply"},
        {"Message_ID": LETTER_ID},
        {"X_Uphold_Reference": REFERENCE},
    ],
)
async def test_what_no_person_wrote_is_answered_by_nothing(
    headers: dict[str, str], notebook: Notebook, tmp_path: Path
) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(came(written(**{"To": TO_IT} | headers)))
    assert dealt.became is Became.AUTOMATIC
    assert (notebook.sent, notebook.opened, list(tmp_path.iterdir())) == ([], {}, [])


def report_of(kind: str, action: str = "") -> bytes:
    text = f"""\
Received: {RECEIVED}
From: Ann <{ANN}>
To: {TO_IT}
Subject: Your letter
Message-ID: <report@customer.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=b

--b
Content-Type: text/plain

Your message was read on Monday.
--b
Content-Type: message/{kind}

Reporting-MTA: dns; mx.customer.example

{action}
Disposition: manual-action/MDN-sent-manually; displayed

--b--
"""
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "report",
    [
        report_of("disposition-notification"),
        report_of("feedback-report"),
        report_of("delivery-status", f"Final-Recipient: rfc822;{ANN}\nAction: delivered"),
    ],
)
async def test_a_receipt_is_no_contact(report: bytes, notebook: Notebook, tmp_path: Path) -> None:
    dealt = await desk(notebook, tmp_path).deal_with(came(report))
    assert (dealt.became, notebook.sent, notebook.opened) == (Became.AUTOMATIC, [], {})


@pytest.mark.parametrize(
    "headers",
    [
        {"From": "Mail System <mailer-daemon@customer.example>", "Return_Path": "<>"},
        {"From": "Mail System <postmaster@customer.example>", "Auto_Submitted": "auto-replied"},
        {
            "From": "Microsoft Outlook <MicrosoftExchange329e71ec88ae46@customer.example>",
            "Return_Path": "<MAILER-DAEMON>",
        },
        {"Subject": "Undeliverable: your letter", "Return_Path": "<>"},
        {"Subject": "Unzustellbar: your letter", "Auto_Submitted": "auto-generated"},
    ],
)
async def test_word_of_a_failure_in_a_servers_own_words_is_not_put_away(
    headers: dict[str, str], notebook: Notebook, tmp_path: Path
) -> None:
    said = f"Nobody of that name is here.\n\nMessage-ID: {LETTER_ID}\nSubject: We have it\n"
    dealt = await desk(notebook, tmp_path).deal_with(came(written(said, **{"To": OURS} | headers)))
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])
    assert "uphold report-undelivered" in dealt.why
    assert LETTER in dealt.why


async def test_a_report_that_is_coded_is_not_taken_for_a_receipt(
    notebook: Notebook, tmp_path: Path
) -> None:
    coded = report_of("delivery-status").replace(b"Disposition: ", b"QWN0aW9uOiBmYWlsZWQK ")
    dealt = await desk(notebook, tmp_path).deal_with(came(coded))
    assert (dealt.became, notebook.sent) == (Became.WAITS, [])


@pytest.mark.parametrize("subject", ["Delivered: your letter", "Relayed: your letter"])
async def test_a_receipt_in_a_servers_own_words_is_put_away(
    subject: str, notebook: Notebook, tmp_path: Path
) -> None:
    receipt = written(Subject=subject, From="postmaster@customer.example", Return_Path="<>")
    dealt = await desk(notebook, tmp_path).deal_with(came(receipt))
    assert dealt.became is Became.AUTOMATIC


async def test_word_of_a_failure_in_a_form_unheard_of_is_not_put_away(
    notebook: Notebook, tmp_path: Path
) -> None:
    failed = report_of("delivery-status", "Final-Recipient: x400;somebody\nAction: failed")
    for placed in (None, REFERENCE):
        dealt = await desk(notebook, tmp_path).deal_with(came(failed), placed)
        assert (dealt.became, notebook.sent) == (Became.WAITS, [])
        assert "uphold report-undelivered" in dealt.why


@pytest.mark.parametrize(
    "headers",
    [
        {"Precedence": "bulk"},
        {"Precedence": "list", "List_Id": "<complaints.council.example>"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"Feedback_ID": "1.eu-west-2.x:AmazonSES"},
        {"Auto_Submitted": "auto-forwarded"},
        {"Subject": "Automatic reply: your letter"},
        {"Subject": "RE: Out of Office AutoReply: your letter"},
        {"Subject": "Out of office"},
        {"Subject": "Ateb awtomatig: eich llythyr"},
        {"Subject": "Abwesend: Re: your letter"},
        {"Subject": "Away: Re: your letter"},
        {"Subject": "Autosvar: your letter"},
        {"Subject": "Automatiskt svar: your letter"},
        {"Subject": "Automaattinen vastaus: your letter"},
        {"Subject": "Automatická odpověď: your letter"},
        {"Subject": "Răspuns automat: your letter"},
        {"Subject": "Αυτόματη απάντηση: your letter"},
        {"Subject": "Автоматический ответ: your letter"},
        {"Subject": "رد تلقائي: your letter"},
        {"Subject": "自动答复: your letter"},
        {"Subject": "自動応答：your letter"},
        {"Subject": "Undeliverable: your letter"},
        {"Subject": "Read: your letter"},
        {"From": OURS},
        {"From": "Robot <noreply@robot.example>"},
        {"From": "no-reply@robot.example"},
        {"From": "do_not_reply@robot.example"},
        {"From": "MAILER-DAEMON@mx.customer.example"},
        {"From": "postmaster@mx.customer.example"},
    ],
)
@pytest.mark.parametrize("to", [TO_IT, "housing@council.example"])
async def test_what_people_may_have_written_waits_for_a_person(
    headers: dict[str, str], to: str, notebook: Notebook, tmp_path: Path
) -> None:
    at = desk(notebook, tmp_path)
    dealt = await at.deal_with(came(written(**{"To": to} | headers)))
    assert (dealt.became, notebook.sent, notebook.opened) == (Became.WAITS, [], {})
    (waiting,) = at.tray.waiting()
    assert (await at.deal_with(waiting.message, REFERENCE)).became is Became.CONTACT


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Subject": "Out of order: my boiler"},
        {"Subject": "Out of office hours repairs: nobody came"},
        {"Subject": "Automatic reply was no help, I want to complain"},
        {"Subject": "Away from home since the flood: who pays?"},
        {"Subject": "Read your letter: I do not agree"},
        {"Message_ID": "<9b1c@council.example>", "From": "Cllr Jones <jones@council.example>"},
        {"Message_ID": "<1.20.mail.server@council.example>"},
        {"From": "Noreen Reply <noreen.reply@customer.example>"},
    ],
)
def test_a_person_is_no_machine(headers: dict[str, str]) -> None:
    message = came(written(**headers))
    assert why_automatic(message, "council.example") is None
    assert why_doubtful(message, OURS) is None
