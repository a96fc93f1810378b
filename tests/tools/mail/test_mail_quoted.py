import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail.quoted import mark_quotes, new_text, without_marks

NEW = "Please make it two doors.\n\nRegards,\nJan"
OLD = "We offer one door.\nIt costs 100."
QUOTED = "\n".join(f"> {line}" for line in OLD.split("\n"))


@pytest.mark.parametrize(
    "introduction",
    [
        "On Fri, 27 Nov 2026 at 10:13, Anna <anna@company.test> wrote:",
        "On Fri, 27 Nov 2026 at 10:13, Anna Maria Longname-Longername\n<anna@company.test> wrote:",
        "W dniu 27.11.2026 o 10:13, Anna pisze:",
        "pt., 27 lis 2026 o 10:13 Anna <anna@company.test> napisał(a):",
        "Am 27.11.2026 um 10:13 schrieb Anna <anna@company.test>:",
        "Le ven. 27 nov. 2026 à 10:13, Anna <anna@company.test> a écrit :",
        "El mié, 25 nov 2026 a las 10:13, Anna (<anna@company.test>) escribió:",
        "Il 27/11/2026 10:13, Anna <anna@company.test> ha scritto:",
        "Op vr 27 nov 2026 om 10:13 schreef Anna <anna@company.test>:",
        "27 нояб. 2026 г., в 10:13, Anna <anna@company.test> написал(а):",
        "2026年11月27日(金) 10:13 Anna <anna@company.test>:",
        "Anna <anna@company.test> 于2026年11月27日周五 10:13写道：",
        "Anna <anna@company.test>, 27 Kas 2026 Cum, 10:13 tarihinde şunu yazdı:",
        "---- On Fri, 27 Nov 2026 10:13:02 +0100 Anna <anna@company.test> wrote ----",
    ],
)
def test_answers_of_all_languages(introduction):
    assert new_text(f"{NEW}\n\n{introduction}\n\n{OLD}") == NEW
    assert new_text(f"{NEW}\n\n{introduction}\n{QUOTED}\n") == NEW
    assert new_text(f"{introduction}\n{QUOTED}\n\n{NEW}") == NEW


@pytest.mark.parametrize(
    "head",
    [
        "-----Original Message-----\nFrom: Anna <anna@company.test>\nSent: today",
        "-----Oryginalna wiadomość-----",
        "From: Anna <anna@company.test>\nSent: Friday\nTo: Jan\nSubject: Doors",
        "________________________________\nVon: Anna\nGesendet: Freitag\nAn: Jan\nBetreff: Tür",
        "*Od:* Anna <anna@company.test>\n*Wysłano:* piątek\n*Do:* Jan\n*Temat:* Drzwi",
    ],
)
def test_answers_of_outlook(head):
    assert new_text(f"{NEW}\n\n{head}\n\n{OLD}") == NEW


def test_answers_between_the_lines():
    text = "Hello,\n> One door?\nTwo.\n> In March?\nIn April."
    assert new_text(text) == "Hello,\n\nTwo.\n\nIn April."


def test_quotations_in_html():
    intro = "<p>On Fri, 27 Nov 2026, Anna &lt;anna@company.test&gt; wrote:</p>"
    marked = mark_quotes("<p>New</p><blockquote type='cite'><p>Old</p></blockquote><p>Below</p>")
    text = marked.replace("<p>", "").replace("</p>", "\n")
    text = text.replace("<blockquote type='cite'>", "\n").replace("</blockquote>", "")
    assert new_text(text) == "New\n\nBelow"
    assert without_marks(text).split() == ["New", "Old", "Below"]
    assert mark_quotes(intro) == intro


@pytest.mark.parametrize(
    ("html", "new"),
    [
        ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "a\n\ne"),
        ("</blockquote>a<BlockQuote class='x'>b</BLOCKQUOTE>c", "a\n\nc"),
        ("a<blockquote>b", "a"),
        ("a<blockquotes>b", "a\n\nb"),
        ("<blockquote>b</blockquote>", "b"),
    ],
)
def test_quotations_within_one_another(html, new):
    text = re.sub(r"\n+", "\n\n", re.sub(r"<[^<>]+>", "\n", mark_quotes(html)))
    assert new_text(text) == new


@pytest.mark.parametrize(("between", "is_found"), [("", True), ("\n", True), ("\n\n", False)])
def test_quotation_begins_at_most_two_lines_below_a_sentence_of_three(between, is_found):
    sentence = "On Fri, 27 Nov 2026 at 10:13,\nAnna Maria\n<anna@company.test> wrote:\n"
    text = f"One.\n{sentence}{between}> Old\n\n> Older\nTwo.\n\n\n\nThree."
    assert new_text(text) == ("One.\n\nTwo.\n\nThree." if is_found else "One.")


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        "We need 3 windows of the sizes:\n120 x 80\n80 x 80",
        "Delivery on 12.03.2026 at 10:00:\n- two doors",
        "From: Warsaw to Krakow\nHow much is it?",
        QUOTED,
        f"On 27 Nov 2026 Anna <anna@company.test> wrote:\n{QUOTED}",
        "2 > 1",
        "",
    ],
)
def test_what_quotes_nothing_or_says_nothing_else_stays(text):
    assert new_text(text) == text.strip()


@given(st.text(st.sampled_from("a1:@>\n<. \ue000\ue001")))
def test_any_text_is_read(text):
    assert isinstance(new_text(text), str)
