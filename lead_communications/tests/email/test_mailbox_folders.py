from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.mail import imap
from .common_mailbox import MailboxCommon

FOLDER = "odoo.addons.lead_communications.models.email.mailbox_folder"
FOLDER_IMAP = f"{FOLDER}_imap"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxFolders(MailboxCommon):
    """Folders are chosen from the server's list and followed each from where it was left."""

    def setUp(self):
        super().setUp()
        self.connection = self._imap()

    def _create_folder(self, name):
        status, data = self.connection.create(imap.quote(imap.encode_name(name)))
        self.assertEqual(status, "OK", data)

    def _put(self, folder, **headers):
        raw = self._mail(**headers)
        name = imap.quote(imap.encode_name(folder))
        self.connection.append(name, None, None, raw)
        return raw

    def _choose(self, **roles):
        """Choose folders as the administrator does, and follow those that are named."""
        self._press("action_choose_folders")
        for folder in self.mailbox.folder_ids:
            if folder.name in roles:
                folder.write({"is_followed": True, "role": roles[folder.name]})

    def _folder(self, name):
        return self.mailbox.folder_ids.filtered(lambda folder: folder.name == name)

    def test_the_servers_folders_are_offered_and_not_followed_yet(self):
        self._create_folder("Zażółć & Co")
        self._press("action_choose_folders")
        self.assertRecordValues(
            self.mailbox.folder_ids.sorted("name"),
            [
                {"name": "INBOX", "role": "inbox", "is_followed": True},
                {"name": "Pending", "role": "drafts", "is_followed": False},
                {"name": "Rubbish", "role": "spam", "is_followed": False},
                {"name": "Sent", "role": "sent", "is_followed": False},
                {"name": "Zażółć & Co", "role": "inbox", "is_followed": False},
            ],
        )
        self._press("action_choose_folders")
        self.assertEqual(len(self.mailbox.folder_ids), 5)

    def test_folders_with_any_name_are_followed(self):
        names = ["Zażółć gęślą", 'Say "hello"', "back\\slash", "A & B", "日本", "Deep/er/still"]
        for name in names:
            self._create_folder(name)
            self._put(name, subject=f"In {name}")
        self._choose(**dict.fromkeys(names, "inbox"))
        self.assertIsNone(self._fetch())
        self.assertFalse(any(self.mailbox.folder_ids.mapped("error_message")))
        self.assertEqual(self._subjects(), sorted(f"In {name}" for name in names))

    def test_the_role_of_a_folder_is_told_to_the_intake(self):
        self._put("Sent")
        self._put("Rubbish")
        self._deliver()
        self._choose(Sent="sent", Rubbish="spam")
        Mailbox = self.registry["lead.mailbox"]
        receive, roles = Mailbox._receive, []

        def note(mailbox, *args, role, **kwargs):
            roles.append(role)
            return receive(mailbox, *args, role=role, **kwargs)

        with patch.object(Mailbox, "_receive", note):
            self._fetch()
        self.assertEqual(sorted(roles), ["inbox", "sent", "spam"])

    @mute_logger(FOLDER)
    def test_a_folder_that_was_deleted_is_told_and_stops_no_other(self):
        self._create_folder("Projects")
        self._choose(Projects="inbox")
        self.connection.delete("Projects")
        self._deliver(subject="In the inbox")
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["In the inbox"])
        self.assertIn("Choose Folders", self._folder("Projects").error_message)
        self.assertIn("Projects", self.mailbox.error_message)
        self.assertEqual(self.mailbox.health, "problem")
        self._press("action_choose_folders")
        self.assertIn("renamed or deleted", self._folder("Projects").error_message)
        self._create_folder("Projects")
        self._fetch()
        self.assertFalse(self._folder("Projects").error_message)

    def test_a_folder_with_much_mail_leaves_room_for_the_others(self):
        self._create_folder("Small")
        for number in range(8):
            self._deliver(subject=f"Big {number}")
        self._put("Small", subject="Small")
        self._choose(Small="inbox")
        self._fetch(batch_limit=4)
        self.assertEqual(self._subjects(), ["Big 0", "Big 1", "Small"])
        self._fetch(batch_limit=20)
        self.assertEqual(len(self._rows()), 9)

    def test_what_decides_about_fetching_is_for_administrators(self):
        for button in ("action_choose_folders", "action_pause", "action_resume"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                self._press(button, user=self.anna)

    # ---- START DATE ----

    def test_start_date_applies_to_all_mail_of_the_first_time_and_to_none_later(self):
        for date in ("01-Jan-2020 10:00:00 +0000", "02-Nov-2026 10:00:00 +0000"):
            for number in range(2):
                raw = self._mail(subject=f"{date[:11]} {number}")
                self.connection.append("INBOX", None, f'"{date}"', raw)
        self.connection.append(
            "INBOX", None, '"01-Jan-2020 10:00:00 +0000"', self._mail(subject="Old and last")
        )
        self.mailbox.fetch_since = "2026-11-01"
        for _batch in range(4):
            self._fetch(batch_limit=1)
        self.assertEqual(self._subjects(), ["02-Nov-2026 0", "02-Nov-2026 1"])
        old = self._mail(subject="Moved here later")
        self.connection.append("INBOX", None, '"01-Jan-2020 10:00:00 +0000"', old)
        self._fetch()
        self.assertIn("Moved here later", self._subjects())

    def test_a_search_that_finds_nothing_once_skips_nothing(self):
        """A server may not show its messages for a moment, while it puts them in order."""
        self._deliver(subject="Not seen at first")
        with patch.object(imap.Folder, "search", lambda folder, *criteria: []):
            self._fetch()
        self._fetch()
        self.assertEqual(self._subjects(), ["Not seen at first"])

    # ---- PROGRESS, STOP, RESUME ----

    def test_a_first_sync_shows_progress_stops_and_goes_on(self):
        for number in range(6):
            self._deliver(subject=f"Mail {number}")
        self._fetch(batch_limit=2)
        mailbox = self.mailbox.with_user(self.anna)
        self.assertEqual((mailbox.sync_done, mailbox.sync_total), (2, 6))
        self.assertAlmostEqual(mailbox.sync_progress, 33.3, 1)
        self._press("action_pause")
        self._fetch()
        self.assertEqual(len(self._rows()), 2)
        self.assertEqual(mailbox.health, "paused")
        self._deliver(subject="Mail 6")
        self._press("action_resume")
        self._fetch(batch_limit=2)
        self.assertEqual((mailbox.sync_done, mailbox.sync_total), (4, 7))
        self._fetch()
        self.assertEqual(len(self._rows()), 7)
        self.assertEqual((mailbox.sync_total, mailbox.sync_progress), (0, 100))

    def test_a_fetch_that_runs_stops_after_the_message_it_is_at(self):
        for number in range(4):
            self._deliver(subject=f"Mail {number}")
        Mailbox = self.registry["lead.mailbox"]
        receive = Mailbox._receive

        def stop_then_receive(mailbox, *args, **kwargs):
            mailbox.action_pause()
            return receive(mailbox, *args, **kwargs)

        with patch.object(Mailbox, "_receive", stop_then_receive):
            self._fetch()
        self.assertEqual(len(self._rows()), 1)

    def test_a_folder_that_is_unfollowed_stops_as_well(self):
        self._deliver()
        self.inbox.is_followed = False
        self._fetch()
        self.assertFalse(self._rows())
        self.assertIn("No folder is followed", self.mailbox.error_message)

    # ---- MARKING ----

    def test_fetched_mail_is_marked_as_read_when_asked(self):
        self.mailbox.after_fetch = "read"
        self._deliver()
        self._fetch()
        self.assertEqual(self.connection.search(None, "UNSEEN")[1], [b""])
        self.assertFalse(self.inbox.unmarked_uids)

    def test_fetched_mail_is_moved_when_asked(self):
        self._create_folder("Für Odoo")
        self._press("action_choose_folders")
        self.mailbox.write({"after_fetch": "move", "move_folder_id": self._folder("Für Odoo").id})
        raws = [self._deliver(), self._deliver()]
        self._fetch()
        self.assertEqual(len(self._rows()), 2)
        self.assertEqual(self._imap().search(None, "ALL")[1], [b""])
        moved = self._imap(imap.quote(imap.encode_name("Für Odoo")))
        self.assertEqual(len(moved.search(None, "UNSEEN")[1][0].split()), len(raws))

    @mute_logger(FOLDER_IMAP)
    def test_mail_that_cannot_be_moved_is_here_and_moved_later(self):
        self._create_folder("Done")
        self._press("action_choose_folders")
        self.mailbox.write({"after_fetch": "move", "move_folder_id": self._folder("Done").id})
        self.connection.delete("Done")
        self._deliver()
        self.assertIsNone(self._fetch())
        self.assertEqual(len(self._rows()), 1)
        self.assertIn("could not be marked or moved", self.inbox.error_message)
        self._create_folder("Done")
        self._fetch()
        self.assertFalse(self.inbox.error_message)
        self.assertEqual(self._imap().search(None, "ALL")[1], [b""])
        self.assertEqual(len(self._imap("Done").search(None, "ALL")[1][0].split()), 1)

    def test_without_move_only_our_own_mail_is_expunged(self):
        self._create_folder("Done")
        self._press("action_choose_folders")
        self.mailbox.write({"after_fetch": "move", "move_folder_id": self._folder("Done").id})
        self._deliver(subject="Deleted by a person")
        self._fetch()
        self.mailbox.after_fetch = "leave"
        self._deliver(subject="Stays")
        self._fetch()
        connection = self._imap()
        connection.store("1", "+FLAGS", "\\Deleted")
        self._deliver(subject="Moves")
        self.mailbox.after_fetch = "move"
        with self._capabilities(b"IMAP4rev1 UIDPLUS"):
            self._fetch()
        self.assertEqual(len(self._imap().search(None, "DELETED")[1][0].split()), 1)
        self.assertEqual(len(self._imap("Done").search(None, "ALL")[1][0].split()), 2)

    @mute_logger(FOLDER_IMAP)
    def test_a_server_that_cannot_move_safely_is_told(self):
        self._press("action_choose_folders")
        self.mailbox.write({"after_fetch": "move", "move_folder_id": self._folder("Sent").id})
        self._deliver()
        with self._capabilities(b"IMAP4rev1"):
            self._fetch()
        self.assertEqual(len(self._rows()), 1)
        self.assertIn("neither MOVE nor UIDPLUS", self.inbox.error_message)

    @mute_logger(FOLDER_IMAP)
    def test_mail_is_moved_to_another_folder_of_the_same_mailbox_only(self):
        self._deliver()
        other = self.mailbox.copy({"server_id": self.server.copy().id, "name": "Other"})
        self.mailbox.after_fetch = "move"
        for target in (self.inbox, other.folder_ids):
            self.mailbox.move_folder_id = target
            self._fetch()
            self.assertIn("Choose the folder", self.inbox.error_message)
        self.assertEqual(len(self._imap().search(None, "ALL")[1][0].split()), 1)
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self.mailbox.copy({"server_id": self.server.copy().id}).move_folder_id)

    def _capabilities(self, capabilities):
        from odoo.addons.mail.models.fetchmail import OdooIMAP4

        return patch.object(OdooIMAP4, "capability", lambda connection: ("OK", [capabilities]))

    def test_seen_flags_of_sent_mail_are_left_alone(self):
        self._put("Sent")
        self._choose(Sent="sent")
        self.mailbox.after_fetch = "read"
        self._fetch()
        self.assertEqual(len(self._imap("Sent").search(None, "UNSEEN")[1][0].split()), 1)

    def test_the_highest_uid_fits(self):
        self.inbox.write({"last_uid": 2**32 - 1, "start_uid": 2**32 - 2})
        self.inbox.flush_recordset()
        self.inbox.invalidate_recordset()
        self.assertEqual(
            (int(self.inbox.last_uid), int(self.inbox.start_uid)), (2**32 - 1, 2**32 - 2)
        )

    # ---- A MESSAGE THAT THE SERVER REFUSES ----

    @mute_logger(FOLDER, "odoo.addons.lead_communications.models.email.mailbox_fetch")
    def test_a_message_that_the_server_refuses_holds_up_no_other(self):
        self._deliver(subject="Refused")
        self._deliver(subject="After it")
        fetch = imap.Folder.fetch

        def refuse(folder, uid, *args):
            if uid == 1:
                raise imap.FolderError("Some messages could not be FETCHed")
            return fetch(folder, uid, *args)

        with patch.object(imap.Folder, "fetch", refuse):
            self.assertIsNone(self._fetch())
            self.assertEqual(self._subjects(), ["After it"])
            failure = self._failures()
            self.assertIn("could not be FETCHed", failure.error)
            self.assertFalse(failure.raw)
            self.assertEqual((failure.cause, failure.is_temporary), ("server", True))
            failure.action_retry()
            self.assertEqual(failure.state, "failed")
        failure.action_retry()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(self._subjects(), ["After it", "Refused"])

    # ---- FETCH NOW ----

    def test_fetch_now_tells_what_came_and_lets_the_scheduler_go_on(self):
        self._deliver()
        action = self._press("action_fetch")
        self.assertIn("1", action["params"]["message"])
        self.assertEqual(len(self._rows()), 1)

    def test_fetch_now_is_refused_in_words(self):
        self.server.state = "draft"
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self._press("action_fetch")
        self.server.state = "done"
        self.mailbox.is_paused = True
        with self.assertRaisesRegex(UserError, "Resume"):
            self._press("action_fetch")
        with self.assertRaises(AccessError):
            self._press("action_fetch", user=self.anna)

    @mute_logger("odoo.addons.lead_communications.models.email.fetchmail_server")
    def test_fetch_now_with_a_wrong_password_tells_so(self):
        self.server.password = "wrong"
        with self.assertRaisesRegex(UserError, "user name or the password"):
            self._press("action_fetch")

    # ---- OAUTH ----

    def test_a_connection_of_another_module_is_used(self):
        """Odoo's Gmail and Outlook modules log in on their own and leave INBOX selected."""
        Server = self.registry["fetchmail.server"]
        logins = []

        def log_in(server, connection):
            logins.append(server.server_type)
            auth = f"\0{self.login}\0dovecot-test"
            connection.authenticate("PLAIN", lambda _challenge: auth.encode())
            connection.select("INBOX")

        self.server.server_type = "pop"  # stands for a type that our code does not know
        self._deliver()
        with (
            patch.object(Server, "_get_connection_type", lambda server: "imap"),
            patch.object(Server, "_imap_login__", log_in),
        ):
            self.assertIsNone(self._fetch())
            self._press("action_choose_folders")
        self.assertEqual(logins, ["pop", "pop"])
        self.assertEqual(len(self._rows()), 1)
        self.assertEqual(len(self.mailbox.folder_ids), 4)
