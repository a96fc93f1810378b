import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import imap

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("INBOX", "INBOX"),
        ("A & B", "A &- B"),
        ("Wysłane", "Wys&AUI-ane"),
        ("台北", "&U,BTFw-"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501, 5.1.3
        ("a\tb", "a&AAk-b"),
    ],
)
def test_names_in_modified_utf_7(name, wire):
    assert imap.encode_name(name) == wire
    assert imap.decode_name(wire) == name


@given(TEXT)
def test_any_name_survives(name):
    wire = imap.encode_name(name)
    assert wire.isascii()
    assert imap.decode_name(wire) == name


@pytest.mark.parametrize("wire", ["&", "a&b", "&!!-", "&AA-", "&2AA-", "zaż"])
def test_what_is_no_modified_utf_7_stays_as_it_is(wire):
    assert imap.decode_name(wire) == wire


def test_names_are_quoted():
    assert imap.quote('say "hi" \\ there') == b'"say \\"hi\\" \\\\ there"'


def names(*lines):
    return [(folder.wire, folder.name, folder.role) for folder in imap.parse_list(lines)]


def test_list_of_folders():
    assert names(
        b'(\\HasNoChildren) "/" INBOX',
        b'(\\HasNoChildren \\Sent) "/" "Wys&AUI-ane"',
        b'(\\Junk) "." "INBOX.Rubbish"',
        b'(\\Noselect \\HasChildren) "/" "[Gmail]"',
        b'(\\NonExistent) "/" Gone',
        b'() NIL "say \\"hi\\" \\\\"',
        (b'() "/" {9}', b'with "all'),
        b"",
        None,
    ) == [
        ("INBOX", "INBOX", "inbox"),
        ("Wys&AUI-ane", "Wysłane", "sent"),
        ("INBOX.Rubbish", "INBOX.Rubbish", "spam"),
        ('say "hi" \\', 'say "hi" \\', "inbox"),
        ('with "all', 'with "all', "inbox"),
    ]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (b'() "/" "Sent Items"', "sent"),
        (b'() "." INBOX.Sent', "sent"),
        (b'() "/" "Elementy wys&AUI-ane"', "sent"),
        (b'() "/" "INBOX/SPAM"', "spam"),
        (b'() "/" "Wiadomo&AVs-ci-&AVs-mieci"', "spam"),
        (b'() "/" "Not sent"', "inbox"),
    ],
)
def test_role_by_a_well_known_name(line, role):
    assert names(line)[0][2] == role


def test_fetch_response_in_any_order():
    raw = b"Subject: a\r\n\r\n)\r\nUID 9"
    assert imap.fetch_items(
        [
            b"3 (FLAGS (\\Seen))",
            (b"1 (BODY[] {23}", raw),
            b' INTERNALDATE "02-Nov-2026 10:00:00 +0100" UID 5)',
            b"2 (UID 6 FLAGS (\\Seen \\Recent) RFC822.SIZE 70)",
            (b"2 (UID 6 BODY[HEADER] {3}", b"abc"),
            b")",
            b"4 (UID 7 BODY[] NIL)",
            b'5 (UID 8 BODY[HEADER] "Subject: \\"x\\"")',
            None,
        ]
    ) == {
        5: {"BODY[]": raw, "INTERNALDATE": b"02-Nov-2026 10:00:00 +0100", "UID": b"5"},
        6: {"UID": b"6", "RFC822.SIZE": b"70", "BODY[HEADER]": b"abc"},
        7: {"UID": b"7", "BODY[]": None},
        8: {"UID": b"8", "BODY[HEADER]": b'Subject: "x"'},
    }


class Connection:
    """A server that answers what it is told to; keeps what it was asked."""

    readonly = PermissionError

    def __init__(self, **answers):
        self.answers, self.asked = answers, []

    def select(self, name, readonly):
        self.asked.append((name, readonly))
        return self.answers.get("select", ("OK", [b"3"]))

    def response(self, code):
        return code, [self.answers.get(code)]

    def uid(self, command, *args):
        self.asked.append((command, *args))
        answer = self.answers[command]
        return answer(*args) if callable(answer) else answer


def test_a_folder_that_cannot_be_opened():
    connection = Connection(select=("NO", [b"[NONEXISTENT] Mailbox doesn't exist: x"]))
    with pytest.raises(imap.FolderError, match="doesn't exist"):
        imap.Folder(connection, "x").open()


def test_new_uids_are_those_behind_the_position():
    connection = Connection(SEARCH=("OK", [b"7 3", b"9 8"]))
    folder = imap.Folder(connection, "x").open()
    assert folder.new_uids(3, 2) == ([7, 8], 3)
    assert connection.asked[-1] == ("SEARCH", "UID", "4:*")


def test_start_date_is_asked_for_the_mail_of_the_first_time():
    connection = Connection(SEARCH=("OK", [b""]))
    folder = imap.Folder(connection, "x").open()
    since = datetime.date(2026, 11, 2)
    folder.new_uids(0, 9, since, 50)
    assert connection.asked[-1] == (
        *("SEARCH", "UID", "1:*", "OR", "NOT", "UID", "1:50", "SINCE", "2-Nov-2026"),
    )
    folder.new_uids(50, 9, since, 50)
    assert connection.asked[-1] == ("SEARCH", "UID", "51:*")


def test_a_huge_folder_is_searched_in_windows_and_taken_from_the_first():
    """A line of more than 1,000,000 bytes is refused by imaplib."""
    found = {"1:50000": b"10 11", "50001:100000": b"", "100001:120000": b"900 901 902"}
    connection = Connection(
        select=("OK", [b"120000"]), SEARCH=lambda window, *_criteria: ("OK", [found[window]])
    )
    folder = imap.Folder(connection, "x").open()
    assert folder.new_uids(0, 50) == ([10, 11], 5)
    found["1:50000"] = b""
    assert folder.new_uids(11, 2) == ([900, 901], 3)


def test_highest_uid_without_uidnext():
    connection = Connection(FETCH=("OK", [b"3 (UID 4294967290)"]))
    assert imap.Folder(connection, "x").open().highest_uid() == 4294967290


@pytest.mark.parametrize("answer", [[None], [b"1 (UID 6 BODY[] NIL)"], [b"1 (FLAGS ())"]])
def test_a_message_that_is_gone(answer):
    folder = imap.Folder(Connection(FETCH=("OK", answer)), "x").open()
    assert folder.fetch(6) is None


def test_a_message_without_a_date():
    folder = imap.Folder(Connection(FETCH=("OK", [(b"1 (UID 6 BODY[] {2}", b"ab"), b")"])), "x")
    assert folder.open().fetch(6) == imap.Fetched(b"ab", None, 2, True)


def test_received_date_is_utc():
    answer = [(b'1 (UID 6 INTERNALDATE "02-Nov-2026 00:30:00 +0100" BODY[] {2}', b"ab"), b")"]
    message = imap.Folder(Connection(FETCH=("OK", answer)), "x").open().fetch(6)
    assert message.received_date == datetime.datetime(2026, 11, 1, 23, 30)


def test_a_refused_fetch_is_an_error_of_the_folder():
    folder = imap.Folder(Connection(FETCH=("NO", [b"Some messages could not be FETCHed"])), "x")
    with pytest.raises(imap.FolderError, match="could not be FETCHed"):
        folder.open().fetch(6)
