import email
import email.policy
import runpy
import time
from pathlib import Path

import pytest

from lead_communications.tools.mail import original as mail_original
from lead_communications.tools.mail import reading as mail_reading
from lead_communications.tools.mail.identity import content_hash
from lead_communications.tools.mail.repair import (
    ADDRESS_LIMIT,
    CONTENT_LIMIT,
    HEADER_LIMIT,
    bounded,
    readable,
    repair,
)

HOSTILE = runpy.run_path(
    str(Path(__file__).parents[3] / "lead_communications" / "tests" / "email" / "hostile_mail.py")
)
CASES, mail, mixed, part = (HOSTILE[name] for name in ("CASES", "mail", "mixed", "part"))


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def repaired(raw):
    message = parse(bounded(raw))
    repair(message)
    return message


@pytest.mark.parametrize("name", CASES)
def test_readable_copy_of_anything_is_read(name):
    raw = CASES[name]()
    message = parse(readable(raw))
    for header in ("From", "To", "Subject", "Date", "References", "In-Reply-To"):
        str(message[header])
    text, original = message.iter_parts()
    assert isinstance(text.get_content(), str)
    assert (original.get_filename(), original.get_content()) == ("original.eml", raw)


@pytest.mark.parametrize("name", CASES)
def test_anything_is_read_in_good_time(name):
    raw = CASES[name]()
    started = time.process_time()
    mail_reading.read(raw)
    content_hash(raw)
    mail_original.headers(raw)
    mail_original.text(raw)
    bounded(raw)
    assert time.process_time() - started < 10


def test_ordinary_mail_is_left_as_it_is():
    raw = mixed(part("Zażółć".encode()), part(b"<p>x</p>", b"text/html"), name="ordinary")
    assert bounded(raw) is raw
    assert repaired(raw).as_bytes() == parse(raw).as_bytes()


def test_long_headers_are_shortened():
    people = b", ".join(b'"User, %d" <u%d@customer.test>' % (n, n) for n in range(5000))
    references = b" ".join(b"<%d@customer.test>" % n for n in range(5000))
    message = repaired(
        mail(b"Cc: " + people, b"References: " + references, b"X-A: " + b"x" * 10**6)
    )
    assert len(message["Cc"].addresses) == ADDRESS_LIMIT
    assert message["References"].endswith("<4999@customer.test>")
    assert len(message["X-A"]) == HEADER_LIMIT
    assert message["Subject"] == "A question"


def test_long_content_type_is_cut_before_it_is_parsed():
    raw = mail(b"Content-Type: text/plain;\r\n " + b"x=y;\r\n " * 50_000 + b"z=1", b"X-After: yes")
    message = parse(bounded(raw))
    assert len(message["Content-Type"]) <= CONTENT_LIMIT
    assert message["X-After"] == "yes"


@pytest.mark.parametrize(
    ("content_type", "content", "expected"),
    [
        (b"text/plain; charset=x-9", "żółw".encode(), "żółw"),
        (b"text/plain; charset=x-9", "été".encode("cp1252"), "été"),
        (b"text/plain; charset=\"utf-8'en'x\"", "żółw".encode(), "żółw"),
        (b"text/plain; charset='iso-8859-2'", "żółw".encode("iso-8859-2"), "żółw"),
        (b"text/plain; charset=idna; format=flowed", "żółw".encode(), "żółw"),
    ],
)
def test_charset_that_does_not_exist_is_replaced(content_type, content, expected):
    head = (b"MIME-Version: 1.0", b"Content-Type: " + content_type)
    message = repaired(mail(*head, b"Content-Transfer-Encoding: 8bit", body=content))
    assert message.get_content().strip() == expected


def test_type_that_does_not_exist_is_a_file():
    message = repaired(mixed(part(b"solid", b'model/step; name="a.stp"'), name="type"))
    (file,) = message.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/octet-stream", "a.stp")
    assert file.get_content() == b"solid"


def test_html_beyond_measure_is_refused():
    html = (b"MIME-Version: 1.0", b"Content-Type: text/html; charset=utf-8")
    repaired(mail(*html, body=b"<b>x</b>\r\n" * 40_000))
    with pytest.raises(ValueError, match="tags"):
        repaired(mail(*html, body=b"<b>x</b>\r\n" * 60_000))


def test_what_is_no_mail_is_told_apart_by_every_byte():
    assert len({content_hash(raw) for raw in (b"", b"\r\n", b"One", b"Two", b"\r\nOne")}) == 5
    copies = (b"Received: a\r\n" + mail(), b"Received: b\r\nX-Spam: no\r\n" + mail() + b"\r\n")
    assert len({content_hash(raw) for raw in copies}) == 1
