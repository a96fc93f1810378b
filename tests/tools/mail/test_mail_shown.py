import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail.shown import is_of_server, without_remote


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.test/a">',
        '<img src="//x.test/a">',
        '<img src="/\\x.test/a">',
        '<img src="/\t/x.test/a">',
        '<img src=" \n//x.test/a">',
        '<img src="https:x.test/a">',
        '<img src="a" srcset="//x.test/a 2x">',
        '<td background="//x.test/a">x</td>',
        '<video poster="//x.test/a"><source src="//x.test/b"></video>',
        '<p style="background: url(//x.test/a)">x</p>',
        '<p style="background: u\\72l(//x.test/a)">x</p>',
        "<p style='background: image-set(\"//x.test/a\" 1x)'>x</p>",
        '<svg><image xlink:href="//x.test/a"></image></svg>',
    ],
)
def test_text_fetches_nothing(html):
    assert "x.test" not in without_remote(html)


def test_text_keeps_what_is_here_and_its_links():
    html = (
        '<p style="color: red; background: url(//x.test/a)">a <b>b</b>'
        '<a href="https://x.test/" style="color: red">c</a>'
        '<img src="/web/image/3"><img src="data:image/png;base64,AA=="></p>'
    )
    shown = without_remote(html, images={3})
    assert shown == f"<div>{html.replace('; background: url(//x.test/a)', '')}</div>"
    assert without_remote("<p>plain</p>") == "<p>plain</p>"
    assert without_remote(False) == ""


OWN = "/web/image/3?access_token=1f-2e"
HOSTS = {"crm.test"}


def test_own_pictures_stay_by_their_ids():
    html = f'<img src="{OWN}"><img src="/web/image/4"><img src="/web/image/33">'
    shown = without_remote(html, images={3})
    assert shown == f'<div><img src="{OWN}"><img><img></div>'


def test_pictures_of_the_editor_stay_in_what_was_written_here():
    html = '<p><img src="/web/image/7-1f2e/logo.png?access_token=1f"></p>'
    assert without_remote(html, images=None) == html


@pytest.mark.parametrize("images", [{3}, None])
@pytest.mark.parametrize(
    "html",
    [
        '<img src="/web/session/logout">',
        '<img src="web/session/logout">',
        '<img src="/web/image/3/../../session/logout">',
        '<img src="/web/image/3-1f/..%2f..%2fsession/logout">',
        '<img src="/web/image/../session/logout">',
        '<img src="/web/image/3?redirect=/web/session/logout">',
        '<img src="/web/image/3#/web/session/logout">',
        '<img src="https://crm.test/web/session/logout">',
        '<img src="data:,x" srcset="data:,x 1x, /web/session/logout 2x">',
        '<img src="data:,x" lowsrc="/web/session/logout">',
        '<a href="https://x.test/" ping="/web/session/logout">a</a>',
        '<svg><use href="/web/session/logout"></use></svg>',
        '<svg><image href="/web/session/logout"></image></svg>',
        '<form action="/web/session/logout"><input formaction="/web/session/logout"></form>',
        '<td background="/web/session/logout" style="background: url(/web/session/logout)">x</td>',
    ],
)
def test_nothing_is_fetched_from_this_server(html, images):
    assert "session" not in without_remote(html, images)


@pytest.mark.parametrize(
    "address",
    [
        "/web/session/logout",
        "web/session/logout",
        "?action=1",
        "\t/web/session/logout",
        "https:/web/session/logout",
        "http:web/session/logout",
        "https://crm.test/web/session/logout",
        "//CRM.test:8069/web/session/logout",
        "\\\\crm.test/web/session/logout",
        "https:\\\\me@crm.test./web/session/logout",
        "https://crm\u3002test/web/session/logout",
        "https:////crm.test/web/session/logout",
        "ht\ntps://crm.test/web/session/logout",
        "https://[crm.test/web/session/logout",
    ],
)
def test_link_to_this_server_goes(address):
    link = f'<a href="{address}">Our offer</a>'
    assert without_remote(link, hosts=HOSTS) == "<div><a>Our offer</a></div>"
    assert is_of_server(address, HOSTS)


def test_each_port_of_the_own_computer_is_another_server():
    hosts = {"127.0.0.1:8069", "crm.test:8069"}
    assert is_of_server("http://127.0.0.1:8069/x", hosts)
    assert not is_of_server("http://127.0.0.1:8070/x", hosts)
    assert is_of_server("http://crm.test:8070/x", hosts)


@pytest.mark.parametrize(
    "address", ["https://x.test/crm.test", "mailto:a@crm.test", "tel:+48221234567", "#below", ""]
)
def test_other_links_stay(address):
    link = f'<a href="{address}">a</a>'
    assert without_remote(link, hosts=HOSTS) == link


@given(st.text(max_size=50), st.sampled_from(["<img src='", "<p style='", "<b>src", ""]))
def test_any_text(text, start):
    assert isinstance(without_remote(start + text), str)
