import email
import email.policy
import runpy
import time
from pathlib import Path

import pytest

from lead_communications.tools.mail import original as mail_original
from lead_communications.tools.mail import reading as mail_reading
from lead_communications.tools.mail.identity import content_hash
from lead_communications.tools.mail.repair import bounded, for_host, readable, repair

HOSTILE = runpy.run_path(
    str(Path(__file__).parents[3] / "lead_communications" / "tests" / "email" / "hostile_mail.py")
)
CASES, mail, mixed, part = (HOSTILE[name] for name in ("CASES", "mail", "mixed", "part"))
# One file of 20 MB differs from a small one only by the seconds that the standard library takes.
COPIED = [name for name in CASES if name != "large_attachment"]


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.SMTP)


def repaired(raw):
    message = parse(bounded(raw))
    repair(message)
    return message


@pytest.mark.parametrize("name", COPIED)
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
    assert len(message["Cc"].addresses) == 1000
    assert message["References"].endswith("<4999@customer.test>")
    assert len(message["References"]) == 20_000
    assert len(message["X-A"]) == 20_000
    assert message["Subject"] == "A question"


@pytest.mark.parametrize(("length", "names"), [(20_000, ["Jan"]), (20_001, [""])])
def test_a_list_of_addresses_is_shortened_when_it_has_more_than_20000_characters(length, names):
    value = b"Jan <jan@customer.test>"
    message = repaired(mail(b"Cc: (" + b"x" * (length - 25) + b")" + value))
    assert [address.display_name for address in message["Cc"].addresses] == names


def test_a_shortened_list_has_no_half_of_an_address():
    people = b", ".join(b"u%03d%s@customer.test" % (n, b"x" * 60) for n in range(900))
    addresses = repaired(mail(b"Cc: " + people))["Cc"].addresses
    assert len(addresses) == 750  # of 80 characters each, with what is between them: 60,000
    assert {address.domain for address in addresses} == {"customer.test"}


@pytest.mark.parametrize(
    ("length", "last"), [(299_965, "ewa@other.test"), (299_966, "jan@customer.test")]
)
def test_300000_characters_of_a_list_of_addresses_are_looked_at(length, last):
    value = b"(" + b"x" * length + b")jan@customer.test,ewa@other.test,"
    assert repaired(mail(b"Cc: " + value + b"x"))["Cc"].addresses[-1].addr_spec == last


def test_long_content_type_is_cut_before_it_is_parsed():
    raw = mail(b"Content-Type: text/plain;\r\n " + b"x=y;\r\n " * 50_000 + b"z=1", b"X-After: yes")
    message = parse(bounded(raw))
    assert len(message["Content-Type"]) <= 2000
    assert message["X-After"] == "yes"


@pytest.mark.parametrize(("length", "expected"), [(2000, 2000), (2001, 2000)])
def test_a_content_type_has_2000_bytes_at_most(length, expected):
    line = b"Content-Type: text/plain; x=".ljust(length, b"y")
    raw = mail(line, name="long").replace(b"\r\n", b"\n")
    cut = bounded(raw)
    assert cut == raw.replace(line, line[:expected])
    assert (cut is raw) is (length == expected)


def test_other_headers_of_a_part_have_2000_characters_at_most():
    message = repaired(mail(b"MIME-Version: 1.0", b"Content-Description: " + b"x" * 2001))
    assert message["Content-Description"] == "x" * 2000


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


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        ("Jan Żółw <jan@customer.test>", ("Jan Żółw", "jan@customer.test")),
        ("<jan@customer.test>", ("", "jan@customer.test")),
        ("Jan Żółw", ("Jan Żółw", "")),
        ("Żółw <jan@żółw.test>", ("Żółw", "jan@żółw.test")),
    ],
)
def test_readable_copy_says_who_wrote_it(sender, expected):
    copy = readable(f"From: {sender}\r\n\r\nText".encode())
    assert mail_reading.read(copy).sender == expected
    assert copy.partition(b"\r\n\r\n")[0].isascii()


def test_readable_copy_has_no_header_that_is_empty():
    copy = parse(readable(b"To: sales@company.test\r\n\r\nText"))
    assert copy.keys() == ["To", "Content-Type", "MIME-Version"]


def test_readable_copy_answers_the_last_of_the_references():
    message = parse(readable(b"References: <1@x.test> <2@x.test> <3@x.test>\r\n\r\nText"))
    assert message["References"] == "<1@x.test> <2@x.test> <3@x.test>"
    assert message["In-Reply-To"] == "<3@x.test>"


def test_readable_copy_has_the_text_of_html():
    message = parse(readable(b"Content-Type: text/html\r\n\r\n<p>Hello<br>there"))
    text, _original = message.iter_parts()
    assert text.get_content().split() == ["Hello", "there"]


def test_readable_copy_has_each_header_on_one_line():
    raw = readable(f"Subject: {'Zażółć gęślą jaźń ' * 20}\r\n\r\nText".encode())
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\n " not in head and b"\n\t" not in head
    assert parse(raw)["Subject"] == ("Zażółć gęślą jaźń " * 20).strip()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"A: 1\n b\n\tc\nno header\nD: 2\n\nText", b"A: 1\r\n b\r\n\tc\r\nD: 2\r\n\r\n"),
        (b"A: 1\n \t\nB: 2\n\nText", b"A: 1\r\nB: 2\r\n\r\n"),
        (b" x\nA: 1\r\n\r\nText", b"A: 1\r\n\r\n"),
        (b"Text", b"\r\n"),
        (b"Content-Type: multipart/mixed\n\nText", b"Content-Type: multipart/mixed\r\n\r\n"),
        (b"Content-Type: multipart/report\n\nText", b"Content-Type: multipart/report\r\n\r\nText"),
        (b"Content-Type: multipart/report\n\n" + b"x" * 1_000_001,
         b"Content-Type: multipart/report\r\n\r\n" + b"x" * 1_000_000),
    ],
    ids=range(7),
)  # fmt: skip
def test_what_the_host_is_to_parse(raw, expected):
    assert for_host(raw) == expected
