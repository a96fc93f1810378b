from odoo import models


class LeadMailboxFolder(models.Model):
    """Following a mailbox by POP3: by UIDL."""

    _inherit = "lead.mailbox.folder"

    def _follow_pop(self, maildrop, limit, renew):
        """Take in what is new; return how many, how many are left, and a problem in words."""
        listing = maildrop.listing()
        known = self._forget_gone(listing)
        new = [uidl for uidl in listing if uidl not in known]
        is_too_large = {uidl: self.mailbox_id._is_too_large(listing[uidl][1]) for uidl in new}
        since = self.mailbox_id.fetch_since

        def fetch(uidl):
            if uidl not in listing:
                return None
            # POP3 can't search by date: the header tells when a message was received.
            header = maildrop.header(*listing[uidl])
            if header and header.received_date and header.received_date.date() < since:
                return header._replace(is_old=True)
            return header if header and is_too_large[uidl] else maildrop.fetch(*listing[uidl])

        def renew_listing():
            renew()
            listing.clear()
            listing.update(maildrop.listing())  # another session, other numbers

        taken = self._take_batch(
            new[: max(limit, 0)], len(new), fetch, self._advance_pop, renew_listing
        )
        self._delete_taken(maildrop, listing)
        return taken, len(new) - taken, False

    def _pop_messages(self):
        """Return the records of the messages that were seen before."""
        messages = self.env["lead.mailbox.pop.message"]
        return messages.search([("mailbox_id", "=", self.mailbox_id.id)])

    def _forget_gone(self, listing):
        """Return the ids of the messages seen before; forget those that the server deleted."""
        known = self._pop_messages()
        known.filtered(lambda message: message.uidl not in listing).unlink()
        return {message.uidl for message in known.exists()}

    def _advance_pop(self, uidl, message):
        self.env["lead.mailbox.pop.message"].create(
            {
                "mailbox_id": self.mailbox_id.id,
                "uidl": uidl,
                "is_whole": bool(message and message.is_whole),
            }
        )

    def _note_complete_pop(self, uidl):
        self._pop_messages().filtered(lambda message: message.uidl == uidl).is_whole = True

    def _delete_taken(self, maildrop, listing):
        """Delete on the server what is here completely, if the administrator wants that."""
        if not self.mailbox_id.pop_delete:
            return
        whole = set(self._pop_messages().filtered("is_whole").mapped("uidl"))
        for uidl, (number, _size) in listing.items():
            if uidl in whole:
                maildrop.delete(number)

    def _fetch_from_maildrop(self, maildrop, place):
        """Return the whole message at ``place``, or None when it is gone."""
        listing = maildrop.listing()
        if place["uid"] not in listing:
            return None
        return maildrop.fetch(*listing[place["uid"]])
