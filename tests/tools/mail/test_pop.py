import datetime
import io
import poplib

import pytest

from lead_communications.tools.mail import pop


class Connection:
    """What ``pop.Maildrop`` uses of a ``poplib`` connection."""

    def __init__(self, data=b"", error=None):
        self.file, self.error = io.BytesIO(data), error

    def _shortcmd(self, command):
        if self.error:
            raise self.error

    def list(self):
        return b"+OK", [b"1 120", b"2 340 octets"], 0

    def uidl(self):
        if self.error:
            raise self.error
        return b"+OK", [b"1 aaa", b"2 bbb", b"broken", b"4 ddd"], 0

    def dele(self, number):
        raise self.error


def test_listing():
    assert pop.Maildrop(Connection()).listing() == {
        "aaa": (1, 120),
        "bbb": (2, 340),
        "ddd": (4, 0),  # its size is not told
    }


def test_a_server_without_unique_ids():
    with pytest.raises(pop.NoUidlError):
        pop.Maildrop(Connection(error=poplib.error_proto("-ERR"))).listing()


def test_message_comes_byte_by_byte():
    long_line = b"x" * 300_000
    data = b"Subject: a\r\n\r\n..dot\r\n" + long_line + b"\r\nbare\nline\r\n.\r\n+OK next"
    message = pop.Maildrop(Connection(data)).fetch(1)
    assert message.raw == b"Subject: a\r\n\r\n.dot\r\n" + long_line + b"\r\nbare\nline\r\n"


def test_a_message_has_the_size_of_the_listing_or_else_its_own():
    data = b"Subject: a\r\n\r\n.\r\n"
    assert pop.Maildrop(Connection(data)).fetch(1) == (data[:-3], None, 14, True, False, False)
    assert pop.Maildrop(Connection(data)).fetch(1, 120).size == 120


def test_a_header_is_not_the_whole_message():
    data = b"Subject: a\r\n\r\n.\r\n"
    assert pop.Maildrop(Connection(data)).header(1, 120) == (
        data[:-3],
        None,
        120,
        False,
        False,
        False,
    )
    assert pop.Maildrop(Connection(data)).header(1).size == 0


@pytest.mark.parametrize(
    ("answer", "error"), [(b"-ERR EOF", EOFError), (b"-ERR locked", poplib.error_proto)]
)
def test_a_broken_connection_is_told_from_a_refusal(answer, error):
    # poplib puts the text of an answer into its error, and "-ERR EOF" when there was none
    connection = Connection(error=poplib.error_proto(answer.decode()))
    with pytest.raises(error):
        pop.Maildrop(connection).delete(1)


@pytest.mark.parametrize("data", [b"", b"Subject: a\r\n", b"Subject: a\r\n\r\nhalf a li"])
def test_a_message_that_breaks_off_is_no_message(data):
    with pytest.raises(EOFError):
        pop.Maildrop(Connection(data)).fetch(1)


def test_a_server_without_top():
    assert pop.Maildrop(Connection(error=poplib.error_proto("-ERR"))).header(1) is None


@pytest.mark.parametrize(
    ("header", "date"),
    [
        (
            b"Received: from a by b;\r\n Mon, 02 Nov 2026 10:15:00 +0100\r\n"
            b"Received: from c; Sun, 01 Nov 2026 10:15:00 +0100\r\n",
            datetime.datetime(2026, 11, 2, 9, 15),
        ),
        (b"Date: Mon, 02 Nov 2026 10:15:00 -0000\r\n", datetime.datetime(2026, 11, 2, 10, 15)),
        (b"Received: from a; nonsense\r\n", None),
        (b"Date: Mon, 31 Dec 9999 23:59:00 -2359\r\n", None),
        (b"Subject: x\r\n", None),
    ],
)
def test_received_date(header, date):
    assert pop.received_date(header + b"\r\nbody") == date


def test_a_session_is_gone_on_with_by_another_connection():
    maildrop = pop.Maildrop(Connection())
    maildrop.reopen(Connection(b"Subject: a\r\n.\r\n"))
    assert maildrop.fetch(1).raw == b"Subject: a\r\n"
