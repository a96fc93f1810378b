"""The text of HTML as a reader sees it."""

import pytest

from lead_communications.tools.mail.html import html_to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("a", "a"),
        ("Two <b>doors</b> please", "Two doors please"),
        ("a<br>b<BR/>c", "a\nb\nc"),
        ("<p>a</p><div>b</div>", "a\nb\n"),
        ("<td>a</td><th>b", "\ta\t\tb"),
        ("a\n\t b", "a b"),
        ("5 &lt; 6 &amp; &euro;", "5 < 6 & €"),
        ("5 < 6 > 4", "5 < 6 > 4"),
        ("<3 and <", "<3 and <"),
        ("<!doctype html>a<?xml?>b", "ab"),
        ("a<!-- <p>no</p> -->b", "ab"),
        ("a<!-- <p>no</p> --!>b", "ab"),
        ("a<!-- no", "a"),
        ("a-->b", "ab"),
        ("<style>p {}</style>a<script>x</script>b", "ab"),
        ("<head><title>no</title></head>a", "a"),
        ("<STYLE>no</Style>a", "a"),
        ("<script>'<p>' <!-- </style> no</script>a", "a"),
        ("</script>a", "a"),
        ("<style>no<style>no</style>a", "a"),
        ("<style>no", ""),
        ("<styles>a", "a"),
        ("<p class=big", ""),
        ("a<p <b>b", "a\nb"),
    ],
)
def test_text_of_html(html, text):
    assert html_to_text(html) == text
