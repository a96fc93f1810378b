from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.mail import imap
from .common_mailbox import MailboxCommon
from .cutting_proxy import CuttingProxy

SERVER = "odoo.addons.lead_communications.models.email.fetchmail_server"
FOLDER = "odoo.addons.lead_communications.models.email.mailbox_folder"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxLeftAlone(MailboxCommon):
    """Drafts, and what is marked as deleted, are not taken in; nor lost when that is over."""

    def setUp(self):
        super().setUp()
        self.connection = self._imap()

    def _put(self, flags=None, folder="INBOX", **headers):
        raw = self._mail(**headers)
        status, data = self.connection.append(imap.quote(folder), flags, None, raw)
        self.assertEqual(status, "OK", data)
        return raw

    def _flag(self, uid, change, flag):
        self.connection.select("INBOX")
        self.connection.uid("STORE", str(uid), change, flag)

    def _on_server(self):
        self.connection.select("INBOX", readonly=True)
        return self.connection.uid("SEARCH", "ALL")[1][0].split()

    def test_what_is_marked_waits_and_is_taken_in_when_the_mark_is_taken_off(self):
        for flag in ("\\Draft", "\\Deleted", "\\Draft \\Deleted", "\\Seen \\DELETED"):
            with self.subTest(flag=flag):
                before = self._subjects()
                self._put(f"({flag})", subject=f"Marked {flag}")
                self._put(subject=f"Behind {flag}")
                self.assertIsNone(self._fetch())
                self.assertEqual(self._subjects(), sorted([*before, f"Behind {flag}"]))
                self._fetch()
                self.assertEqual(len(self._rows()), len(before) + 1)
                uid = int(self._on_server()[-2])
                for word in flag.split():
                    if word != "\\Seen":
                        self.assertEqual(len(self._rows()), len(before) + 1)
                        self._flag(uid, "-FLAGS", word)
                        self._fetch()
                self.assertIn(f"Marked {flag}", self._subjects())
                self.assertFalse(self.inbox.left_alone_uids)
                self._fetch()
                self.assertEqual(len(self._rows()), len(before) + 2)
        self.assertFalse(self._failures())

    def test_the_last_message_of_a_folder_may_be_the_one_that_waits(self):
        self._put("(\\Draft)", subject="Alone")
        self._fetch()
        self.assertFalse(self._rows())
        self.assertEqual((int(self.inbox.last_uid), self.inbox.left_alone_uids), (1, "1"))
        self._flag(1, "-FLAGS", "\\Draft")
        self._fetch()
        self.assertEqual(self._subjects(), ["Alone"])

    def test_a_draft_answers_for_nobody(self):
        lead = self._create_lead()
        self._deliver(message_id="<asked@customer.test>")
        self._fetch()
        self._rows()._decide("attach", lead)
        headers = {"from": "sales@company.test", "to": "jan@customer.test"}
        self._put("(\\Draft)", in_reply_to="<asked@customer.test>", **headers)
        self._fetch()
        self.assertEqual(len(lead.email_ids), 1)
        self._flag(2, "-FLAGS", "\\Draft")
        self._fetch()
        self.assertEqual(len(lead.email_ids), 2)

    def test_what_is_deleted_for_good_is_forgotten(self):
        self._put("(\\Deleted)")
        self._put("(\\Draft)")
        self._put()
        self._fetch()
        self.assertEqual(self.inbox.left_alone_uids, "1 2")
        self.connection.select("INBOX")
        self.connection.expunge()
        self._fetch()
        self.assertEqual(self.inbox.left_alone_uids, "2")

    def test_an_answer_without_messages_is_no_proof_that_they_are_gone(self):
        """A server may not show its messages for a moment, while it puts them in order."""
        self._put("(\\Deleted)", subject="Taken back")
        self._fetch()
        proxy = self._through(_Silent(self._port()))
        self._fetch()
        self.assertTrue(proxy.silenced)
        self.server.port = self._port()
        self._flag(1, "-FLAGS", "\\Deleted")
        self._fetch()
        self.assertEqual(self._subjects(), ["Taken back"])

    def test_thousands_of_deleted_messages_hold_up_nothing(self):
        for _number in range(120):
            self._put("(\\Deleted)")
        for number in range(3):
            self._put(subject=f"Wanted {number}")
        self._put("(\\Deleted)", subject="Behind them")
        self._fetch(batch_limit=2)
        self.assertEqual(self._subjects(), ["Wanted 0", "Wanted 1"])
        self.assertEqual((self.mailbox.sync_done, self.mailbox.sync_total), (2, 4))
        self._fetch(batch_limit=2)
        self.assertEqual(len(self._rows()), 3)
        self.assertEqual(len(self.inbox.left_alone_uids.split()), 121)
        self.assertFalse(self.inbox.remaining_count)

    def test_all_are_looked_at_by_one_command(self):
        for _number in range(5):
            self._put("(\\Draft)")
        self._fetch()
        proxy = self._through(CuttingProxy(self._port()))
        self._fetch()
        asked = [line for line in proxy.commands if b"FETCH" in line]
        self.assertEqual(len(asked), 1)
        self.assertIn(b"1,2,3,4,5,*", asked[0])

    def test_a_message_that_is_marked_while_the_batch_runs(self):
        self._put(subject="First")
        self._put(subject="Second")
        proxy = _Marking(self._port())
        proxy.mark = lambda: self._flag(2, "+FLAGS", "\\Deleted")
        self._through(proxy)
        self._fetch()
        self.assertEqual(self._subjects(), ["First"])
        self._flag(2, "-FLAGS", "\\Deleted")
        self._fetch()
        self.assertEqual(self._subjects(), ["First", "Second"])

    def test_messages_that_are_numbered_anew_are_looked_at_anew(self):
        self._put("(\\Deleted)", subject="Deleted")
        self._fetch()
        self.inbox.uid_validity = "1"
        self._fetch()
        self.assertEqual(self.inbox.left_alone_uids, "1")
        self.assertFalse(self._rows())

    def test_what_failed_is_not_taken_in_while_it_is_marked(self):
        self._put(subject="Refused")
        with mute_logger(FOLDER), self._refusing():
            self._fetch()
        self._flag(1, "+FLAGS", "\\Deleted")
        failure = self._failures()
        failure.action_retry()
        self.assertEqual(failure.state, "failed")
        self.assertIn("marked as deleted", failure.error)
        self._flag(1, "-FLAGS", "\\Deleted")
        failure.action_retry()
        self.assertEqual(self._subjects(), ["Refused"])

    def _refusing(self):
        return patch.object(imap.Folder, "fetch", side_effect=imap.FolderError("Not now"))

    # ---- GMAIL ----

    def test_a_message_with_several_labels_is_one_row(self):
        raw = self._deliver(subject="Labelled")
        for name in ("Customers", "[Gmail]/All Mail"):
            self.connection.create(imap.quote(name))
            self.connection.append(imap.quote(name), None, None, raw)
        self._press("action_choose_folders")
        self.mailbox.folder_ids.is_followed = True
        self._fetch()
        self.assertEqual(self._subjects(), ["Labelled"])

    def test_a_draft_that_only_its_label_tells(self):
        self._put(subject="Draft")
        self._put(subject="Behind it")
        proxy = self._through(_Gmail(self._port()))
        self._fetch()
        self.assertEqual(self._subjects(), ["Behind it"])
        proxy.label = b"Customers"
        self._fetch()
        self.assertEqual(self._subjects(), ["Behind it", "Draft"])

    # ---- FOLDERS OF DRAFTS ----

    def test_a_folder_of_drafts_is_not_read(self):
        for name in ("Entw&APw-rfe", "Archive/Drafts", "Unfinished"):
            self.connection.create(imap.quote(name))
            self._put(folder=name, subject=f"In {name}")
        self._put()
        self._press("action_choose_folders")
        self.mailbox.folder_ids.is_followed = True
        roles = {folder.wire_name: folder.role for folder in self.mailbox.folder_ids}
        self.assertEqual(roles["Entw&APw-rfe"], "drafts")
        self.assertEqual(roles["Archive/Drafts"], "drafts")
        self.assertEqual(roles["Pending"], "drafts", "by what the server says")
        self.assertEqual(roles["Unfinished"], "inbox")
        self._fetch()
        self.assertEqual(self._subjects(), ["A question about windows", "In Unfinished"])

    def test_a_folder_that_was_listed_before_is_known_as_one_of_drafts(self):
        self._press("action_choose_folders")
        pending = self.mailbox.folder_ids.filtered(lambda folder: folder.name == "Pending")
        pending.role = "inbox"
        self._press("action_choose_folders")
        self.assertEqual(pending.role, "drafts")
        pending.write({"role": "inbox", "is_followed": True})
        self._press("action_choose_folders")
        self.assertEqual(pending.role, "inbox", "somebody said so")


class _Gmail(CuttingProxy):
    """A server with labels; the first message has one."""

    label = b'"\\\\Draft"'

    def _passed_on(self, line):
        return line.replace(b" X-GM-LABELS", b"")

    def _altered(self, data, earlier):
        data = data.replace(b" ID ", b" ID X-GM-EXT-1 ")
        return data.replace(b"(UID 1 ", b"(UID 1 X-GM-LABELS (%s) " % self.label)


class _Silent(CuttingProxy):
    """A server that answers a FETCH of several messages without naming any."""

    silenced = False

    def _answer(self, line, earlier):
        if b",* (UID FLAGS" not in line:
            return None
        self.silenced = True
        return line.split()[0] + b" OK Fetch completed.\r\n"


class _Marking(CuttingProxy):
    """A server on which somebody marks a message while the first one is handed over."""

    def _answer(self, line, earlier):
        if b"BODY.PEEK" in line and self.mark:
            mark, self.mark = self.mark, None
            mark()


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxTroubles(MailboxCommon):
    """Servers that hand over a message not at all, or break off at it."""

    def _poison(self, *uids):
        proxy = self._through(CuttingProxy(self._port()))
        words = [b" %d " % uid for uid in uids]
        proxy.is_deadly = lambda line: b"BODY.PEEK" in line and any(w in line for w in words)
        return proxy

    @mute_logger(SERVER, FOLDER)
    def test_what_the_connection_breaks_at_is_parked_and_the_others_come_in_the_same_run(self):
        for number in range(1, 8):
            self._deliver(subject=f"Mail {number}")
        proxy = self._poison(1, 3, 4, 7)
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["Mail 2", "Mail 5", "Mail 6"])
        failures = self._failures()
        self.assertEqual(len(failures), 4)
        self.assertEqual(set(failures.mapped("is_temporary")), {True})
        self.assertIn("breaks", failures[0].error)
        self.assertEqual(proxy.connections, 1 + 4 * 2)
        proxy.is_deadly = None
        failures.action_retry()
        self.assertEqual(len(self._rows()), 7)
        self._fetch()
        self.assertEqual(len(self._rows()), 7)

    @mute_logger(SERVER, FOLDER)
    def test_one_break_parks_nothing(self):
        self._deliver(subject="Once")
        proxy = self._poison(1)
        deadly, breaks = proxy.is_deadly, []

        def once(line):
            is_it = deadly(line) and not breaks
            breaks.extend([1] * is_it)
            return is_it

        proxy.is_deadly = once
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["Once"])
        self.assertFalse(self._failures())
        self.assertFalse(self.inbox.stuck_uid)

    @mute_logger(SERVER, FOLDER, f"{FOLDER}_imap")
    def test_a_message_of_which_the_server_cannot_even_tell_the_size(self):
        for number in range(1, 4):
            self._deliver(subject=f"Mail {number}")
        proxy = self._through(CuttingProxy(self._port()))
        proxy.is_deadly = lambda line: (
            b"RFC822.SIZE" in line and b"2" in line.split(b"FETCH")[1].split()[0].split(b",")
        )
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["Mail 1", "Mail 3"])
        self.assertEqual(len(self._failures()), 1)

    @mute_logger(FOLDER, f"{FOLDER}_imap")
    def test_a_batch_that_is_refused_for_one_message_is_asked_for_one_by_one(self):
        for number in range(1, 4):
            self._deliver(subject=f"Mail {number}")
        self._through(_Refusing(self._port()))
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["Mail 1", "Mail 3"])
        self.assertIn("could not be FETCHed", self._failures().error)

    @mute_logger(SERVER, FOLDER)
    def test_a_server_that_is_away_parks_nothing(self):
        self._deliver(subject="Later")
        proxy = self._poison(1)
        serve = proxy._serve
        proxy._serve = lambda client: client.close() if proxy.connections else serve(client)
        self.assertTrue(self._fetch())
        self.assertFalse(self._failures())
        self.server.port = self._port()
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["Later"])

    @mute_logger(FOLDER)
    def test_an_answer_without_the_message_is_a_failure_with_a_retry(self):
        for how in ("NIL", '""', "nothing"):
            with self.subTest(how=how):
                uid = len(self._rows()) + 1
                self._deliver(subject=f"Empty {how}")
                self._deliver(subject=f"Behind {how}")
                proxy = self._through(_Empty(self._port(), uid, how))
                self.assertIsNone(self._fetch())
                self.assertTrue(proxy.emptied)
                self.assertIn(f"Behind {how}", self._subjects())
                self.assertNotIn(f"Empty {how}", self._subjects())
                failure = self._failures().filtered(lambda one: one.state == "failed")
                self.assertEqual((failure.cause, failure.is_temporary), ("server", True))
                failure.action_retry()
                self.assertEqual(failure.state, "failed")
                self.server.port = self._port()
                failure.action_retry()
                self.assertEqual(failure.state, "solved")
                self.assertIn(f"Empty {how}", self._subjects())

    def test_a_message_that_is_gone_is_no_failure(self):
        for count in (1, 2):
            with self.subTest(count=count):
                for _number in range(count):
                    self._deliver(subject="Stays")
                self._deliver(subject="Gone")
                self._through(_Expunging(self._port(), self._imap()))
                self.assertIsNone(self._fetch())
                self.assertFalse(self._failures())
                self.assertNotIn("Gone", self._subjects())
                self.server.port = self._port()


class _Refusing(CuttingProxy):
    """A server that refuses whatever is asked of the message 2, and of others with it."""

    def _answer(self, line, earlier):
        words = line.split()
        if words[2:3] == [b"FETCH"] and b"2" in words[3].split(b","):
            return words[0] + b" NO Some messages could not be FETCHed (Failure)\r\n"
        return None


class _Empty(CuttingProxy):
    """A server that answers the FETCH of a message without the message."""

    emptied = False

    def __init__(self, port, uid, how):
        super().__init__(port)
        self.uid, self.how = uid, how

    def _answer(self, line, earlier):
        words = line.split()
        if words[2:4] != [b"FETCH", b"%d" % self.uid] or b"BODY.PEEK" not in line:
            return None
        self.emptied = True
        item = (
            b""
            if self.how == "nothing"
            else (b"* 1 FETCH (UID %d BODY[] %s)\r\n" % (self.uid, self.how.encode()))
        )
        return item + words[0] + b" OK Fetch completed.\r\n"


class _Expunging(CuttingProxy):
    """A server on which somebody expunges the last message just before it is fetched."""

    def __init__(self, port, connection):
        super().__init__(port)
        self.connection = connection

    def _answer(self, line, earlier):
        last = self.connection.uid("SEARCH", "*")[1][0]
        if last and b"FETCH " + last + b" " in line and b"BODY.PEEK" in line:
            self.connection.uid("STORE", last.decode(), "+FLAGS", "\\Deleted")
            self.connection.expunge()


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxWhoAsks(MailboxCommon):
    """Some servers show no folder to a client that does not say who it is (RFC 2971)."""

    def test_a_server_that_wants_to_know_after_the_login(self):
        self._deliver(subject="From Hangzhou")
        proxy = self._through(_Coremail(self._port()))
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["From Hangzhou"])
        self.assertFalse(self.inbox.error_message)
        words = [line.split()[1].upper() for line in proxy.commands]
        self.assertLess(words.index(b"LOGIN"), words.index(b"ID"))
        self.assertLess(words.index(b"ID"), words.index(b"EXAMINE"))
        self._press("action_choose_folders")
        self.assertGreater(len(self.mailbox.folder_ids), 1)

    def test_it_is_told_before_the_login_too_where_it_is_offered(self):
        proxy = self._through(CuttingProxy(self._port()))
        self._fetch()
        words = [line.split()[1].upper() for line in proxy.commands]
        self.assertEqual(words.count(b"ID"), 2)
        self.assertLess(words.index(b"ID"), words.index(b"LOGIN"))

    def test_a_server_that_does_not_offer_it_is_not_told(self):
        proxy = self._through(_WithoutId(self._port()))
        self._deliver()
        self.assertIsNone(self._fetch())
        self.assertFalse([line for line in proxy.commands if line.split()[1].upper() == b"ID"])
        self.assertEqual(len(self._rows()), 1)

    def test_a_server_that_refuses_it_is_read_all_the_same(self):
        for answer in (b"NO", b"BAD"):
            with self.subTest(answer=answer):
                proxy = self._through(_RefusingId(self._port()))
                proxy.answer = answer
                self._deliver(subject=answer.decode())
                self.assertIsNone(self._fetch())
                self.assertIn(answer.decode(), self._subjects())

    def test_other_servers_than_ours_are_asked_as_odoo_does(self):
        proxy = self._through(CuttingProxy(self._port()))
        connection = self.server.copy()._connect__()
        connection.logout()
        self.assertFalse([line for line in proxy.commands if b" ID " in line])


class _Coremail(CuttingProxy):
    """A server that tells only after the login that it wants to know who asks, and insists."""

    def _answer(self, line, earlier):
        tag, word = line.split()[:2]
        words = [one.split()[1].upper() for one in earlier]
        told = b"LOGIN" in words and b"ID" in words[words.index(b"LOGIN") :]
        if word.upper() in (b"SELECT", b"EXAMINE", b"LIST") and not told:
            return tag + b" NO %s Unsafe Login. Please contact kefu@188.com for help\r\n" % word
        if word.upper() == b"ID" and b"LOGIN" not in words:
            return tag + b" BAD Parse command error\r\n"
        return None

    def _altered(self, data, earlier):
        if any(line.split()[1].upper() == b"LOGIN" for line in earlier):
            return data
        return data.replace(b" ID ", b" ")


class _WithoutId(CuttingProxy):
    def _altered(self, data, earlier):
        return data.replace(b" ID ", b" ")


class _RefusingId(CuttingProxy):
    def _answer(self, line, earlier):
        tag, word = line.split()[:2]
        return tag + b" %s Not now\r\n" % self.answer if word.upper() == b"ID" else None
