import email
import email.policy
import os
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import slim as mail_slim

FILE = os.urandom(40_000)


def message(*files, newline="\n"):
    mail = EmailMessage()
    mail["From"] = "jan@customer.test"
    mail.set_content("Good morning")
    mail.add_alternative("<p>Good morning</p>", subtype="html")
    for number, (content, kind) in enumerate(files):
        maintype, subtype = kind.split("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=f"f{number}")
    return mail.as_bytes(policy=email.policy.SMTP.clone(linesep=newline))


def contents(raw, files=None):
    """Return the parts as the standard library reads them, with the files put back."""
    parsed = email.message_from_bytes(raw, policy=email.policy.SMTP)
    found = [part.get_payload(decode=True) for part in parsed.walk() if not part.is_multipart()]
    return [(files or {}).get(content, content) for content in found]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "audio/wav", "video/mp4"])
def test_large_files_are_taken_out_and_nothing_else(kind, newline):
    raw = message((FILE, kind), (b"small", kind), (FILE[1:], kind), newline=newline)
    slim = mail_slim.slim(raw)
    assert sorted(slim.files.values(), key=len) == [FILE[1:], FILE]
    assert len(slim.raw) < 4000
    assert contents(slim.raw, slim.files) == contents(raw)
    for mark in slim.files:
        assert mark not in raw


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.replace(b"base64", b"x-unknown"),
        lambda raw: raw.replace(b"base64", b"8bit"),
        # faulty: each parser makes something else of it
        lambda raw: raw[:3000] + b"!" + raw[3000:],
        lambda raw: raw[:3000] + b"=" + raw[3000:],
        lambda raw: raw[:3000] + b"A" + raw[3000:],
        lambda raw: raw.replace(b"application/pdf", b"text/plain"),
        lambda raw: raw.replace(b"application/pdf", b"message/rfc822"),
    ],
)
def test_what_is_no_faultless_file_stays(change):
    raw = change(message((FILE, "application/pdf")))
    assert mail_slim.slim(raw) == (raw, {})


def test_files_of_a_carried_email_stay():
    outer = EmailMessage()
    outer.set_content("See below")
    outer.add_attachment(email.message_from_bytes(message((FILE, "application/pdf"))))
    raw = outer.as_bytes()
    assert mail_slim.slim(raw) == (raw, {})


def test_email_that_is_nothing_but_a_file():
    mail = EmailMessage()
    mail.set_content(FILE, maintype="application", subtype="pdf")
    raw = mail.as_bytes()
    slim = mail_slim.slim(raw)
    assert list(slim.files.values()) == [FILE]
    assert contents(slim.raw, slim.files) == contents(raw)


@given(st.binary(max_size=300), st.integers(0, 56_000), st.integers(0, 300))
def test_whatever_is_put_into_an_email_it_reads_the_same(noise, position, cut):
    raw = message((FILE, "application/pdf"))
    raw = raw[:position] + noise + raw[position + cut :]
    slim = mail_slim.slim(raw)
    if slim.files and len(contents(slim.raw)) == len(contents(raw)):
        marks = set(contents(slim.raw)) & set(slim.files)
        if len(marks) == len(slim.files):
            assert contents(slim.raw, slim.files) == contents(raw)
