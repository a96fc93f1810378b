import time
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lead_communications.tools.mail import original, parts

PNG = b"\x89PNG\r\n\x1a\n picture"


def mail(html="<p>Good morning</p>", **attachments):
    message = EmailMessage()
    message["From"] = "Zofia Żak <zofia@customer.test>"
    message["Subject"] = "Zażółć gęślą jaźń"
    message.set_content("Dzień dobry")
    message.add_alternative(html, subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<logo@customer.test>")
    message.add_attachment(b"<p>file</p>", maintype="text", subtype="html", filename="a.html")
    return message.as_bytes()


def part(content_type, body=b"text", **headers):
    lines = [b"Content-Type: " + content_type]
    lines += [f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def everything(raw):
    """Call all that is offered; return how long that took."""
    start = time.process_time()
    original.headers(raw)
    original.text(raw)
    original.safe_html(raw)
    original.inline_images(raw)
    original.has_remote_images(original.html(raw) or "")
    return time.process_time() - start


# ---- what is read ----


def test_headers_are_all_there_in_their_order_and_decoded():
    raw = (
        b"Received: by a\r\nReceived: by b;\r\n\t1 Nov 2026\r\n"
        b"Subject: =?utf-8?q?Za=C5=BC=C3=B3=C5=82=C4=87?= =?iso-8859-2?q?_=B6?= end\r\n"
        b"From: \xc5\xbbak <a@b.test>\r\nX-Latin: \xe9t\xe9\r\nno header at all\r\n"
        b"subject:second\r\n\r\nBody: none\r\n"
    )
    assert original.headers(raw) == [
        ("Received", "by a"),
        ("Received", "by b; 1 Nov 2026"),
        ("Subject", "Zażółć ś end"),
        ("From", "Żak <a@b.test>"),
        ("X-Latin", "été"),
        ("subject", "second"),
    ]


def test_header_text_is_safe():
    raw = b"Subject: a\0b\x1bc =?utf-8?q?=0D=0ABcc:_x=E2=80=AEtxt.exe?=\r\n\r\n"
    assert original.headers(raw) == [("Subject", "a b c  Bcc: x txt.exe")]


@pytest.mark.parametrize(
    "value",
    [b"=?utf-8?b?a?=", b"=?x-none?q?a?=", b"=?idna?q?xn--a?=", b"=?utf-8?b?4pyT4?=", b"=?=?=?"],
)
def test_header_that_cannot_be_decoded_is_shown_somehow(value):
    [(name, text)] = original.headers(b"Subject: " + value + b"\r\n\r\n")
    assert name == "Subject" and text


@pytest.mark.parametrize(
    ("length", "shown"), [(20_000, "a" * 20_000), (20_001, "a" * 20_000 + "…")]
)
def test_header_of_more_than_20000_characters_is_cut_and_says_so(length, shown):
    assert original.headers(b"Cc: " + b"a" * length + b"\r\n\r\n") == [("Cc", shown)]


def test_1000_headers_are_shown():
    raw = b"".join(b"X-%d: x\r\n" % number for number in range(1002))
    assert [name for name, _text in original.headers(raw)[998:]] == ["X-998", "X-999"]


def test_1000000_bytes_of_headers_are_read():
    raw = b"X-A: " + b"a" * 999_987 + b"\nX-B: yes"
    assert original.headers(raw)[1] == ("X-B", "ye")


def test_a_text_that_is_attached_is_a_file():
    body = b"--b\n" + part(b"text/plain", b"text", Content_Disposition="attachment") + b"\n--b--"
    assert original.text(part(b"multipart/mixed; boundary=b", body)) is None


@pytest.mark.parametrize("name", ["", "; filename=a.txt", "; filename*=a\0b''x"])
def test_a_text_is_shown_also_when_it_has_a_name(name):
    inline = part(b"text/plain", b"text", Content_Disposition=f"inline{name}")
    body = b"--b\n" + inline + b"\n--b--"
    assert original.text(part(b"multipart/mixed; boundary=b", body)) == "text"


def test_what_is_all_of_the_message_is_no_file_unless_it_says_so():
    inline = part(b"text/plain", b"text", Content_Disposition="inline; filename=a.txt")
    assert original.text(inline) == "text"
    assert original.text(inline.replace(b"inline", b"attachment")) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"--b\n\nOne\n--b\n\nTwo\n--b--\n", "One\nTwo"),
        (b"--b\n\nOne\n--b\n\nTwo", "One\nTwo"),
        (b"--b\n\nOne\n--b--\n--b\n\nTwo\n--b--\n", "One\nTwo"),
        (b"--b \t\n\nOne\n--bb\nTwo\n--b--", "One\n--bb\nTwo"),
        (b"One", "One"),
    ],
    ids=["two parts", "cut off", "parts after the end", "another boundary", "no boundary"],
)
def test_parts_without_headers(body, expected):
    assert original.text(part(b"multipart/mixed; boundary=b", body)) == expected


def test_what_is_no_multipart_has_no_parts():
    assert original.text(part(b"text/plain; boundary=b", b"--b\n\nOne")) == "--b\n\nOne"


def test_all_texts_together_are_cut(monkeypatch):
    monkeypatch.setattr(original, "MAX_TEXT", 10)

    def text_of(*texts):
        body = b"".join(b"--b\n\n" + text + b"\n" for text in texts)
        return original.text(part(b"multipart/mixed; boundary=b", body + b"--b--"))

    assert text_of(b"aaaa", b"bbbbb", b"cc", b"dd") == "aaaa\nbbbbb\nc"
    assert text_of(b"aaaaaaaaaa", b"b") == "aaaaaaaaaa"
    assert text_of(b"aaaaaaaaa", b"bc") == "aaaaaaaaa\nb"


def test_a_text_of_four_bytes_a_character_is_cut_where_others_are():
    body = "a".encode("utf-32-le") * 2_000_001
    assert len(original.text(part(b"text/plain; charset=utf-32-le", body))) == 2_000_000


def test_texts_of_the_message_without_its_files():
    raw = mail()
    assert original.text(raw) == "Dzień dobry\n"
    assert original.html(raw) == "<p>Good morning</p>\n"
    assert [part.type for part in parts.parse(raw).leaves()] == [
        "text/plain",
        "text/html",
        "image/png",
        "text/html",
    ]


def test_what_it_has_not():
    raw = b"Subject: x\r\n\r\nPlain"
    assert original.html(raw) is None and original.safe_html(raw) is None
    assert original.text(raw) == "Plain"
    assert original.text(part(b"text/html", b"<p>")) is None


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_do_not_matter(line_end):
    raw = mail().replace(b"\n", line_end)
    assert original.text(raw) == "Dzień dobry\n"
    assert len(original.headers(raw)) == 4


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        (b"utf-8", "Żak".encode(), "Żak"),
        (b"iso-8859-2", "Żak".encode("iso-8859-2"), "Żak"),
        (b"gb2312", "中文".encode("gb18030"), "中文"),
        (b"iso-8859-1", b"\x80 5", "€ 5"),
        (b"us-ascii", "Żak".encode(), "Żak"),
        (b"x-unknown", "Żak".encode(), "Żak"),
        (b"x-unknown", b"\xe9t\xe9", "été"),
        (b"iso-2022-jp", "Żak".encode(), "Żak"),
        (b"utf-8", b"\xe9t\xe9", "été"),
        (b"rot13", b"abc", "abc"),
        (b"idna", b"abc", "abc"),
        (b"'; drop", b"abc", "abc"),
    ],
)
def test_any_charset(charset, body, expected):
    raw = part(b'text/plain; charset="' + charset + b'"', body)
    assert original.text(raw) == expected


def test_charset_with_a_language():
    raw = part(b"text/plain; charset*=us-ascii'en'iso-8859-2", "Żak".encode("iso-8859-2"))
    assert original.text(raw) == "Żak"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("base64", b"xbthaw=="), ("quoted-printable", b"=C5=BB=\r\nak"), ("8bit", "Żak".encode())],
)
def test_transfer_encodings(encoding, body):
    raw = part(b"text/plain; charset=utf-8", body, Content_Transfer_Encoding=encoding)
    assert original.text(raw) == "Żak"


# ---- what is shown ----


def test_own_pictures_are_embedded():
    html = original.safe_html(mail("<img src=\"cid:logo@customer.test\"><img src='cid:none'>"))
    assert '<img src="data:image/png;base64,iVBOR' in html
    assert "cid:none" in html


def test_pictures_are_embedded_within_the_limit(monkeypatch):
    # the picture has 46 characters in the HTML
    for limit, count in ((92, 4), (91, 3)):
        monkeypatch.setattr(original, "MAX_IMAGES", limit)
        html = original.safe_html(mail('<img src="cid:logo@customer.test">' * 1000))
        assert html.count("base64") == count


def pictures(**contents):
    body = b"".join(
        b"--b\n" + part(b"image/png", content, Content_ID=f"<{cid}>") + b"\n"
        for cid, content in contents.items()
    )
    return part(b"multipart/related; boundary=b", body + b"--b--")


def test_pictures_are_offered_within_the_limits(monkeypatch):
    monkeypatch.setattr(original, "MAX_IMAGE", 5)
    monkeypatch.setattr(original, "MAX_IMAGES", 9)
    raw = pictures(a=b"12345", b=b"123456", c=b"12345", d=b"1234", e=b"1")
    assert list(original.inline_images(raw)) == ["a", "d"]


@pytest.mark.parametrize(("size", "is_offered"), [(5_000_000, True), (5_000_001, False)])
def test_a_picture_has_5000000_bytes_at_most(size, is_offered):
    assert bool(original.inline_images(pictures(a=b"1" * size))) is is_offered


def test_a_picture_without_an_id_is_not_offered_and_the_first_of_an_id_counts():
    raw = pictures(a=b"1", b=b"2").replace(b"Content-ID: <b>", b"Content-ID: <a>")
    assert original.inline_images(raw) == {"a": "data:image/png;base64,MQ=="}
    assert original.inline_images(part(b"image/png", b"1")) == {}


def test_svg_is_no_picture():
    raw = part(b"image/svg+xml", b"<svg/>", Content_ID="<a>")
    assert original.inline_images(raw) == {}


@pytest.mark.parametrize(
    "element",
    [
        "<script src=x>",
        "<SCRIPT>",
        "<script/src=x>",
        "<meta http-equiv=refresh content='0;url=//x'>",
        "<link rel=preconnect href=//x>",
        "<base href=//x target=_self>",
        "<iframe src=//x>",
        "<li<link rel=preconnect href=//x>",
        "<form\n action=//x>",
        "<object\fdata=//x>",
        "<embed\tsrc=//x>",
    ],
)
def test_active_elements_are_elements_no_more(element):
    html = original.safe_html(part(b"text/html", element.encode())).lower()
    for name in ("script", "meta", "link ", "base", "iframe", "form", "object", "embed"):
        assert f"<{name}" not in html


def test_links_open_outside():
    html = original.safe_html(
        part(b"text/html", b'<A href="//x" target="_self">x</A><abbr>y</abbr>')
    )
    assert html == original._STYLE + (
        '<A target="_blank" rel="noopener noreferrer" href="//x" target="_self">x</A><abbr>y</abbr>'
    )


def test_the_mode_of_the_page_stays():
    html = original.safe_html(part(b"text/html", b"\n<!DOCTYPE html>\n<p>Hello"))
    assert html.startswith("\n<!DOCTYPE html><style>")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="https://x.test/a.png">', True),
        ("<img width=1 src=//x.test/a.png>", True),
        ("<td background='http://x.test/a.png'>", True),
        ("<p style='background: url( \"https://x.test/a\")'>", True),
        ("<p style='background: url(&quot;https://x.test/a&quot;)'>", True),
        ('<img srcset="https://x.test/a.png 2x">', True),
        ('<a href="https://x.test/">https://x.test/</a>', False),
        ('<img src="cid:logo"><img src="data:image/png;base64,AA//">', False),
        ("See https://x.test/", False),
    ],
)
def test_has_remote_images(html, expected):
    assert original.has_remote_images(html) is expected


# ---- what a sender may do ----


def nested(depth):
    head, tail = b"", b""
    for level in range(depth):
        mark = b"b%d" % level
        head += b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (mark, mark)
        tail = b"\r\n--%s--\r\n" % mark + tail
    return head + part(b"text/plain", b"deep") + tail


def test_depth():
    assert original.text(nested(500)) == "deep"
    assert original.text(nested(501)) is None


def test_any_depth_is_read_in_good_time():
    assert everything(nested(20_000)) < 5


def test_many_parts():
    body = b"".join(b"--b\r\n" + part(b"text/plain", b"x") + b"\r\n" for _ in range(20_000))
    raw = part(b"multipart/mixed; boundary=b", body)
    assert everything(raw) < 10


def test_2000_parts_are_looked_at_with_those_that_hold_others():
    body = b"--b\r\n\r\nx\r\n" * 2500
    raw = part(b"multipart/mixed; boundary=b", body)
    assert len(list(parts.parse(raw).leaves())) == 1999
    raw = part(b"multipart/mixed; boundary=c", b"--c\r\n" + raw + b"\r\n--c\r\n\r\nlast")
    assert len(list(parts.parse(raw).leaves())) == 1998


@pytest.mark.parametrize(
    "body",
    [b"-" * 1_000_000, b"\n--b" * 200_000, b"\n--b " * 200_000, b"--b\n\n" * 60_000],
)
def test_boundaries_everywhere(body):
    raw = part(b"multipart/mixed; boundary=b", body)
    assert everything(raw) < 2
    assert everything(part(b'multipart/mixed; boundary="-"', body)) < 2


@pytest.mark.parametrize(
    "html",
    [
        b"<" * 2_000_000,
        b"<a " * 600_000,
        b"src=" * 500_000,
        b"url(" * 500_000,
        b"url( " + b" " * 2_000_000,
        b"'cid:" * 400_000,
        b"(" + b" " * 2_000_000,
    ],
)
def test_html_that_takes_long(html):
    assert everything(part(b"text/html", html)) < 5


@pytest.mark.parametrize(
    "value",
    [
        b"text/plain; charset*0*=utf-8''%FF; charset*1=\"",
        b'text/plain; charset="\0"',
        b"text/plain; charset*=x-none'en'%E2%82",
        b"multipart/mixed; boundary",
        b"multipart/mixed; boundary*=x-none''%FF",
        b"text/plain;" * 2000,
        b"\xff\xfe/\xff; boundary=\xff",
        b"/",
        b"",
    ],
)
def test_content_type_that_is_none(value):
    everything(b"Content-Type: " + value + b"\r\nContent-Disposition: " + value + b"\r\n\r\nx")


def test_large_mail_within_the_memory():
    raw = part(
        b"multipart/mixed; boundary=b",
        b"--b\r\n" + part(b"text/html", b"<p>hello") + b"\r\n--b\r\n",
    )
    raw += part(
        b"image/png", b"QUJD" * 6_000_000, Content_Transfer_Encoding="base64", Content_ID="<a>"
    )
    tracemalloc.start()
    everything(raw)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * len(raw)


PIECES = st.lists(
    st.sampled_from(
        [
            b"Content-Type: multipart/mixed; boundary=b\r\n",
            b"Content-Type: text/html; charset=",
            b"Content-Type: text/plain\r\n",
            b"Content-Type: image/png\r\nContent-ID: <a>\r\n",
            b"Content-Transfer-Encoding: base64\r\n",
            b"Content-Transfer-Encoding: x-uuencode\r\n",
            b"Content-Transfer-Encoding: quoted-printable\r\n",
            b"Content-Disposition: attachment; filename*=utf-8''%FF\r\n",
            b"Content-Disposition: inline; filename*0*=x'y'%FF; filename*1=z\r\n",
            b"begin 644 x\r\n#86)C\r\nend\r\n",
            b"=?utf-8?b?YQ==?=",
            b"=?q?=",
            b"\r\n",
            b"\n\n",
            b"\r",
            b"--b\r\n",
            b"--b--\r\n",
            b"<img src='cid:a'>",
            b"\0",
            b"\xff\xfe",
            b"=E",
            b";",
        ]
    )
    | st.binary(max_size=20),
    max_size=30,
).map(b"".join)


@given(PIECES)
@example(b"")
@example(b"\n")
@example(b"\r\n\r\n")
def test_any_bytes(raw):
    everything(raw)
    for name, value in original.headers(raw):
        assert name.isprintable() and "\0" not in value and "\n" not in value
    assert "\0" not in (original.text(raw) or "") + (original.html(raw) or "")


# ---- the text as it is read ----


# ---- THIS SERVER ----


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/web/session/logout">a</a>',
        '<a title=">" href="https://crm.test/web/session/logout">a</a>',
        "<a href='&#104;ttps://crm&#46;test/web/session/logout'>a</a>",
        "<a href=//crm.test/web/session/logout>a</a>",
        '<a href = "\n/web/session/logout">a</a>',
        f'<a href="{" " * 3000}/web/session/logout">a</a>',
        '<svg><a xlink:href="/web/session/logout">a</a></svg>',
    ],
)
def test_link_to_this_server_goes(html):
    assert "x-href" in original.safe_html(mail(html), {"crm.test"})


def test_links_elsewhere_stay():
    html = '<a href="https://x.test/?to=crm.test">a</a><a href="mailto:a@crm.test">b</a>'
    assert "x-href" not in original.safe_html(mail(html), {"crm.test"})


def test_servers_of_pictures_are_those_of_others():
    html = (
        '<img src="https://a.test/1.png"><img src="http://b.test:81/1.png"><img src=//c.test/1>'
        '<td style="background: url(&quot;https://d.test/1&quot;)" background="https://e.test">'
        '<svg><image href="https://f.test/1"/></svg><img src="/web/session/logout">'
        '<img src="https://crm.test/web/session/logout"><img src="//CRM.test:8069/x">'
        '<img src="https://me@crm.test/x"><img src="https://g.test;script-src *"/>'
        '<a href="https://link.test">a</a>'
    )
    assert original.image_servers(html, {"crm.test"}) == [
        "https://a.test",
        "http://b.test:81",
        "c.test",
        "https://d.test",
        "https://e.test",
        "https://f.test",
        "https://g.test",
    ]


def test_many_servers_fit_into_a_header():
    html = "".join(f'<img src="https://s{number}.test/">' for number in range(1000))
    assert len(original.image_servers(html)) == original.MAX_SERVERS
