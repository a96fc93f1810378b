import base64
import email
import email.policy
import os
import re
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


def test_everything_else_stays_as_it_is():
    raw = message((FILE, "application/pdf"), (FILE[1:], "image/png"))
    light, files = mail_slim.slim(raw)
    for mark, content in files.items():
        light = light.replace(base64.b64encode(mark) + b"\n", base64.encodebytes(content))
    assert light.split() == raw.split()


def test_marks_are_random_and_numbered():
    raw = message((FILE, "application/pdf"), (FILE, "image/png"))
    marks = list(mail_slim.slim(raw).files)
    assert [re.fullmatch(rb"([0-9a-f]{32})-([01])", mark)[2] for mark in marks] == [b"0", b"1"]
    assert not set(marks) & set(mail_slim.slim(raw).files)


def test_a_faulty_file_does_not_keep_the_next_one_in():
    raw = message((FILE, "application/pdf"), (FILE[1:], "image/png"))
    raw = raw[:3000] + b"!" + raw[3000:]
    assert list(mail_slim.slim(raw).files.values()) == [FILE[1:]]


@pytest.mark.parametrize(("size", "is_taken_out"), [(16_384, True), (16_383, False)])
def test_a_file_is_large_from_16_kib_in_base64(size, is_taken_out):
    head = b"Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
    body = (b"A" * 16_380 + b"\n" * 4)[:size]
    assert bool(mail_slim.slim(head + body).files) is is_taken_out
