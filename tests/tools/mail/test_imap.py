import datetime
import imaplib

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
        b"",
        None,
        b'(\\HasNoChildren) "/" INBOX',
        b'(\\HasNoChildren \\Sent) "/" "Wys&AUI-ane"',
        b'(\\Junk) "." "INBOX.Rubbish"',
        b'(\\Noselect \\HasChildren) "/" "[Gmail]"',
        b'(\\NonExistent) "/" Gone',
        b'() NIL "say \\"hi\\" \\\\"',
        (b'() "/" {9}', b'with "all'),
        b'() "/" Children ("CHILDINFO" ("SUBSCRIBED"))',  # RFC 5258
    ) == [
        ("INBOX", "INBOX", "inbox"),
        ("Wys&AUI-ane", "Wysłane", "sent"),
        ("INBOX.Rubbish", "INBOX.Rubbish", "spam"),
        ('say "hi" \\', 'say "hi" \\', "inbox"),
        ('with "all', 'with "all', "inbox"),
        ("Children", "Children", "inbox"),
    ]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (b'() "/" "Sent Items"', "sent"),
        (b'() "." INBOX.Sent', "sent"),
        (b'() "." INBOX.Old.Sent', "sent"),
        (b"() NIL Sent", "sent"),
        (b'() "/" "Elementy wys&AUI-ane"', "sent"),
        (b'() "/" "INBOX/SPAM"', "spam"),
        (b'() "/" "Wiadomo&AVs-ci-&AVs-mieci"', "spam"),
        (b'() "/" "Not sent"', "inbox"),
        (b'(\\Drafts) "/" Unfinished', "drafts"),
        (b'() "/" "[Gmail]/Entw&APw-rfe"', "drafts"),
        (b'() "/" "Kopie robocze"', "drafts"),
        (b'() "." INBOX.Brouillons', "drafts"),
        (b'() "/" "&g0l6P3ux-"', "drafts"),
        (b'() "/" "Entwu&Awg-rfe"', "drafts"),  # as macOS writes it
        (b'() "/" "Draft contracts"', "inbox"),
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
        6: {
            "UID": b"6",
            "FLAGS": [b"\\Seen", b"\\Recent"],
            "RFC822.SIZE": b"70",
            "BODY[HEADER]": b"abc",
        },
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
        answer = self.answers.get(code)
        return code, answer if isinstance(answer, list) else [answer]

    def capability(self):
        return "OK", self.answers.get("CAPABILITY", [b""])

    def list(self, *args):
        self.asked.append(("LIST", *args))
        return self.answers["list"]

    def xatom(self, *args):
        self.asked.append(args)
        return self.answers["xatom"]

    def uid(self, command, *args):
        self.asked.append((command, *args))
        answer = self.answers[command]
        return answer(*args) if callable(answer) else answer


def test_a_folder_that_cannot_be_opened():
    connection = Connection(select=("NO", [b"[NONEXISTENT] Mailbox doesn't exist: x"]))
    with pytest.raises(imap.FolderError, match="doesn't exist"):
        imap.Folder(connection, "x").open()


def test_folders_are_asked_for_with_what_they_are_for_where_the_server_tells():
    connection = Connection(
        # the first one is from before the login
        CAPABILITY=[b"IMAP4rev1", b"IMAP4rev1 List-Extended Special-Use"],
        xatom=("OK", [b"Completed"]),
        LIST=[b'(\\Sent) "/" Post'],
    )
    assert imap.list_folders(connection) == [("Post", "Post", "sent")]
    assert connection.asked == [("LIST", '""', '"*"', "RETURN", "(SPECIAL-USE)")]


@pytest.mark.parametrize("capabilities", [b"IMAP4rev1", b"IMAP4rev1 SPECIAL-USE"])
def test_folders_of_an_old_server_are_listed_plainly(capabilities):
    connection = Connection(CAPABILITY=[capabilities], list=("OK", [b'() "/" Sent']))
    assert imap.list_folders(connection) == [("Sent", "Sent", "sent")]
    assert connection.asked == [("LIST", '""', '"*"')]


@pytest.mark.parametrize(
    ("capabilities", "command"),
    [(b"IMAP4rev1", "list"), (b"LIST-EXTENDED SPECIAL-USE", "xatom")],
)
def test_a_refused_list_says_what_the_server_says(capabilities, command):
    refusal = {command: ("NO", [b"Permission denied"])}
    connection = Connection(CAPABILITY=[capabilities], **refusal)
    with pytest.raises(imap.FolderError, match=r"^Permission denied$"):
        imap.list_folders(connection)


def test_a_refusal_may_be_without_words():
    with pytest.raises(imap.FolderError, match=r"^$"):
        imap.Folder(Connection(select=("NO", [None])), "x").open()


def test_new_uids_are_those_behind_the_position():
    connection = Connection(SEARCH=("OK", [b"7 3", b"9 8"]))
    folder = imap.Folder(connection, "x").open()
    assert folder.new_uids(3, 2) == ([7, 8], 3)
    assert connection.asked[-1] == ("SEARCH", "UID", "4:*")


@pytest.mark.parametrize("limit", [0, -1])
def test_no_uids_are_returned_when_none_are_wanted(limit):
    connection = Connection(SEARCH=("OK", [b"7 8"]))
    assert imap.Folder(connection, "x").open().new_uids(0, limit) == ([], 2)


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


@pytest.mark.parametrize(
    ("count", "windows"),
    [
        ([None], []),
        ([b"50000"], []),
        ([b"50001"], ["1:50000", "50001:50001"]),
        ([b"100000"], ["1:50000", "50001:100000"]),
        ([b"50000", b"50001"], ["1:50000", "50001:50001"]),  # one came meanwhile
    ],
)
def test_a_folder_of_more_than_50000_messages_is_searched_in_windows(count, windows):
    connection = Connection(select=("OK", count), SEARCH=("OK", [b""]))
    imap.Folder(connection, "x").open().new_uids(0, 9)
    asked = [("SEARCH", window, "UID", "1:*") for window in windows]
    assert connection.asked[1:] == (asked or [("SEARCH", "UID", "1:*")])


@pytest.mark.parametrize(
    ("uid_next", "fetched", "highest"),
    [
        (b"8", None, 7),
        ([b"8", b"9"], None, 8),  # one came meanwhile
        (None, b"3 (UID 4294967290)", 4294967290),
        (None, None, 0),
    ],
)
def test_highest_uid_is_the_one_before_the_next_or_that_of_the_last_message(
    uid_next, fetched, highest
):
    connection = Connection(UIDNEXT=uid_next, FETCH=("OK", [fetched]))
    assert imap.Folder(connection, "x").open().highest_uid() == highest


def test_a_folder_that_has_turned_readonly_is_opened_as_such():
    connection = Connection()

    def select(name, readonly):
        connection.asked.append((name, readonly))
        if not readonly:
            raise connection.readonly
        return "OK", [b"3"]

    connection.select = select
    assert imap.Folder(connection, "x").open(readonly=False).is_readonly
    assert connection.asked == [(b'"x"', False), (b'"x"', True)]


@pytest.mark.parametrize(
    ("capabilities", "labels"), [([b"IMAP4rev1"], ""), ([b"IMAP4rev1 X-GM-EXT-1"], "X-GM-LABELS ")]
)
def test_messages_that_are_still_there_are_described(capabilities, labels):
    answer = [
        b"1 (UID 6 FLAGS (\\Seen) RFC822.SIZE 70)",
        b"2 (UID 8 FLAGS ())",
        b"3 (FLAGS (\\DRAFT \\Seen) RFC822.SIZE 5 UID 9)",
        b"4 (UID 10 FLAGS (\\Recent \\Deleted))",
        # Gmail's labels are strings of any kind
        b'5 (X-GM-LABELS ("\\\\Important" "Draft") UID 11 FLAGS ())',
        (b'6 (X-GM-LABELS ("\\\\Draft" {6}', b"a) (b "),
        b") UID 12 FLAGS () RFC822.SIZE 3)",
    ]
    connection = Connection(FETCH=("OK", answer), CAPABILITY=capabilities)
    folder = imap.Folder(connection, "x").open()
    assert folder.describe([6, 7, 8, 9, 10, 11, 12]) == {
        6: (70, False),
        8: (0, False),
        9: (5, True),
        10: (0, True),
        11: (0, False),
        12: (3, True),
    }
    request = f"(UID FLAGS {labels}RFC822.SIZE)"
    assert connection.asked[-1] == ("FETCH", "6,7,8,9,10,11,12", request)


def test_nothing_is_asked_about_no_messages():
    connection = Connection()
    folder = imap.Folder(connection, "x").open()
    assert folder.describe([]) == {}
    folder.mark_as_read([])
    assert connection.asked == [(b'"x"', True)]


@pytest.mark.parametrize(
    ("answer", "still", "no_more"),
    [
        ([None], [4, 5, 6], []),  # a server that shows no messages at all
        ([b"9 (UID 30 FLAGS ())"], [], []),
        ([b"1 (UID 5 FLAGS (\\Deleted))", b"2 (UID 6 FLAGS ())"], [5], [6]),
    ],
)
def test_which_messages_are_still_left_alone(answer, still, no_more):
    connection = Connection(FETCH=("OK", answer), CAPABILITY=[b""])
    assert imap.Folder(connection, "x").open().left_alone([4, 5, 6]) == (still, no_more)
    assert connection.asked[-1] == ("FETCH", "4,5,6,*", "(UID FLAGS)")


def test_in_an_empty_folder_nothing_is_asked_for():
    connection = Connection(select=("OK", [b"0"]))
    assert imap.Folder(connection, "x").open().left_alone([4]) == ([4], [])
    assert len(connection.asked) == 1


NO_TEXT = [[None], [b"1 (UID 6 BODY[] NIL)"], [b"1 (FLAGS ())"]]


@pytest.mark.parametrize("answer", NO_TEXT)
@pytest.mark.parametrize(
    ("shown", "count", "is_gone"),
    [
        (b"9", b"3", True),
        (b"6 9", b"3", False),
        (b"6", b"3", False),
        (b"", b"3", False),  # a server that shows no messages at all
        (b"", b"0", True),
    ],
)
def test_a_message_is_gone_when_the_server_shows_others_and_not_it(answer, shown, count, is_gone):
    connection = Connection(
        select=("OK", [count]), FETCH=("OK", answer), SEARCH=("OK", [shown]), CAPABILITY=[b""]
    )
    folder = imap.Folder(connection, "x").open()
    if is_gone:
        assert folder.fetch(6) is None
    else:
        with pytest.raises(imap.FolderError, match="without the message"):
            folder.fetch(6)
    assert ("SEARCH", "UID", "6,*") in connection.asked


def test_an_empty_message_is_one():
    answer = [b'1 (UID 6 RFC822.SIZE 0 BODY[] "")']
    connection = Connection(FETCH=("OK", answer), CAPABILITY=[b""])
    assert imap.Folder(connection, "x").open().fetch(6).raw == b""


@pytest.mark.parametrize("size", [0, 9])
def test_an_answer_that_is_empty_is_not_the_message(size):
    """With the size that was told before, or told when asked again."""
    answer = [b'1 (UID 6 RFC822.SIZE 9 BODY[] "")']
    connection = Connection(FETCH=("OK", answer), SEARCH=("OK", [b"6"]), CAPABILITY=[b""])
    with pytest.raises(imap.FolderError, match="without the message"):
        imap.Folder(connection, "x").open().fetch(6, size)


def test_a_folder_is_gone_on_with_by_another_connection():
    folder = imap.Folder(Connection(UIDVALIDITY=b"7"), "x").open()
    other = Connection(UIDVALIDITY=b"7")
    folder.reopen(other)
    assert other.asked == [(b'"x"', True)]
    with pytest.raises(imaplib.IMAP4.abort):
        folder.reopen(Connection(UIDVALIDITY=b"8"))


@pytest.mark.parametrize(
    ("capabilities", "asked"),
    [
        ([b"IMAP4rev1 ID"], [("ID", imap.CLIENT)]),
        ([b"IMAP4rev1", b"IMAP4rev1 Id"], [("ID", imap.CLIENT)]),
        ([b"IMAP4rev1 IDLE"], []),
        ([None], []),
    ],
)
def test_who_asks_is_told_where_it_is_offered(capabilities, asked):
    connection = Connection(CAPABILITY=capabilities, xatom=("OK", [b"NIL"]))
    imap.tell_who_asks(connection)
    assert connection.asked == asked


def test_that_the_connection_breaks_at_it_is_told():
    connection = Connection(CAPABILITY=[b"ID"])

    def breaking(*_args):
        raise error

    connection.xatom = breaking
    error = imaplib.IMAP4.error("BAD command")
    imap.tell_who_asks(connection)
    error = imaplib.IMAP4.abort("EOF")
    with pytest.raises(imaplib.IMAP4.abort):
        imap.tell_who_asks(connection)


def test_a_message_without_a_date():
    folder = imap.Folder(Connection(FETCH=("OK", [(b"1 (UID 6 BODY[] {2}", b"ab"), b")"])), "x")
    message = folder.open().fetch(6)
    assert message == (b"ab", None, 2, True, False, False)
    assert message._replace(size=0) == imap.Fetched(b"ab"), "what is not told of a message"
    assert imap.Described() == (0, False)


def test_the_header_alone_has_the_size_of_the_whole_message():
    answer = [(b"1 (UID 6 BODY[HEADER] {2}", b"ab"), b")"]
    connection = Connection(FETCH=("OK", answer))
    message = imap.Folder(connection, "x").open().fetch(6, 2_000_000, is_whole=False)
    assert message == (b"ab", None, 2_000_000, False, False, False)
    assert connection.asked[-1] == ("FETCH", "6", "(UID FLAGS INTERNALDATE BODY.PEEK[HEADER])")


def test_received_date_is_utc():
    answer = [(b'1 (UID 6 INTERNALDATE "02-Nov-2026 00:30:00 +0100" BODY[] {2}', b"ab"), b")"]
    message = imap.Folder(Connection(FETCH=("OK", answer)), "x").open().fetch(6)
    assert message.received_date == datetime.datetime(2026, 11, 1, 23, 30)


def test_a_refused_fetch_is_an_error_of_the_folder():
    folder = imap.Folder(Connection(FETCH=("NO", [b"Some messages could not be FETCHed"])), "x")
    with pytest.raises(imap.FolderError, match="could not be FETCHed"):
        folder.open().fetch(6)


def moving(capabilities, **answers):
    answers = {command: ("OK", [b"Done"]) for command in ("MOVE", "COPY", "STORE", "EXPUNGE")} | {
        "CAPABILITY": capabilities,
        **answers,
    }
    connection = Connection(**answers)
    return imap.Folder(connection, "x").open(readonly=False), connection


def test_messages_are_moved_by_one_command_where_the_server_can():
    folder, connection = moving([b"IMAP4rev1 UIDPLUS", b"IMAP4rev1 Move UIDPLUS"])
    folder.move([5, 6], 'Old "x"')
    assert connection.asked[1:] == [("MOVE", "5,6", b'"Old \\"x\\""')]


def test_messages_are_copied_before_they_are_marked_and_marked_before_they_are_removed():
    folder, connection = moving([b"IMAP4rev1 UIDPLUS"])
    folder.move([5, 6], "Old")
    assert connection.asked[1:] == [
        ("COPY", "5,6", b'"Old"'),
        ("STORE", "5,6", "+FLAGS.SILENT", "(\\Deleted)"),
        ("EXPUNGE", "5,6"),
    ]


@pytest.mark.parametrize("refused", ["COPY", "STORE"])
def test_nothing_is_removed_when_the_server_refuses_the_step_before(refused):
    folder, connection = moving([b"UIDPLUS"], **{refused: ("NO", [b"Over quota"])})
    with pytest.raises(imap.FolderError, match="Over quota"):
        folder.move([5], "Old")
    assert connection.asked[-1][0] == refused


def test_nothing_is_moved_where_others_messages_would_be_removed_too():
    folder, connection = moving([b"IMAP4rev1"])
    with pytest.raises(imap.FolderError, match="no_move"):
        folder.move([5], "Old")
    assert len(connection.asked) == 1


@pytest.mark.parametrize(("count", "sizes"), [(500, [500]), (501, [500, 1]), (1000, [500, 500])])
def test_a_command_names_500_messages_at_most(count, sizes):
    folder, connection = moving([b""])
    uids = list(range(1, count + 1))
    folder.mark_as_read(uids)
    commands = connection.asked[1:]
    assert {(name, *words) for name, _uids, *words in commands} == {
        ("STORE", "+FLAGS.SILENT", "(\\Seen)")
    }
    named = [list(map(int, command[1].split(","))) for command in commands]
    assert [len(some) for some in named] == sizes
    assert [uid for some in named for uid in some] == uids
