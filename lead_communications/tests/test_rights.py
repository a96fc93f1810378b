"""Nobody sees, learns or does what they may not: each person, each thing, each way to it.

The ways are made from the registry (``rights_ways``), so a new field, model, wizard or method is
tried without anybody thinking of it. Who sees what is written by hand (``rights_table``).
``RIGHTS=all`` in the environment tries everything with everything, which takes long.
"""

import os
from collections import Counter
from time import monotonic

from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from . import rights_table, rights_ways
from .patience import PatientHttpCase
from .rights_watch import Snapshot, Watch, text_of, tokens
from .rights_world import RightsWorld

# For a look at some people only: RIGHTS_WHO=own,member
CHOSEN = [name for name in os.environ.get("RIGHTS_WHO", "").split(",") if name]
IS_WHOLE = os.environ.get("RIGHTS") == "all"


@tagged("post_install", "-at_install", "lead_communications")
class TestRights(RightsWorld, PatientHttpCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watch = Watch(cls.env)
        cls.snapshot = Snapshot(cls.env.cr, cls._tables())

    @classmethod
    def _tables(cls):
        """Return the tables that nobody changes without a right to: ours, and Odoo's beside."""
        found = {"mail_message", "ir_attachment", "mail_activity", "calendar_event", "crm_lead"}
        found |= {"mail_scheduled_message", "fetchmail_server", "mail_followers"}
        for model in cls.env.registry.values():
            if rights_ways.is_ours(model) and model._auto and not model._transient:
                found.add(model._table)
        return found

    def setUp(self):
        super().setUp()
        self.holes = {}
        self.errors = Counter()
        self.calls = 0

    # ---- ONE WAY ----

    def _env_of(self, person):
        context = {
            "lang": "en_US",
            "tz": "UTC",
            "uid": self.people[person].id,
            "allowed_company_ids": self._companies(person),
        }
        return api.Environment(self.env.cr, self.people[person].id, context)

    def _try(self, person, way, given=()):
        """Call as the web client does; note what somebody sees, learns or changes, and undo it.

        :param given: canaries that stood in the question.
        """
        how, model, method, args, kwargs = way
        env = self._env_of(person)
        self.watch.reset()
        self.calls += 1
        answer = None
        savepoint = self.env.cr.savepoint()
        try:
            answer = call_kw(env[model], method, args, kwargs)
            text = text_of(answer)
            env.flush_all()
        except (UserError, ValueError) as error:
            text = f"{error} {error.args}"
            self.errors[type(error).__name__] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, its text goes to the client
            text = f"{error!r}"
            self.errors[f"{type(error).__name__} {model}.{method}: {str(error)[:150]}"] += 1
        try:
            self._judge(person, f"{model}.{method}: {how}", text, given)
        finally:
            savepoint.close(rollback=True)
            for callbacks in (self.env.cr.precommit, self.env.cr.postcommit):
                callbacks.clear()
            if set(self.watch.written) & {"res_groups", "res_groups_users_rel", "ir_config_parameter", "lead_communication_exception", "lead_pbx", "lead_pbx_line", "ir_rule"}:
                self.env.registry.clear_all_caches()
        return answer

    def _judge(self, person, how, text, given=()):
        forbidden = self.forbidden[person] - set(given)
        for token in tokens(text) & forbidden:
            self._hole(person, self.owner[token], how, token)
        for token in tokens(self.watch.log.lines) & self.forbidden[person]:
            self._hole(person, self.owner[token], f"{how}, in the log", token)
        for target, kind, message in self.watch.bus:
            for reader in self._listeners(target):
                for token in tokens(message) & self.forbidden[reader]:
                    self._hole(reader, self.owner[token], f"{how}, on the bus ({kind})", token)
        if self.watch.written:
            try:
                self.env.flush_all()
            except Exception:  # noqa: BLE001 - what cannot be stored changes nothing
                return
            if self.env.cr._cnx.get_transaction_status() == TRANSACTION_STATUS_INERROR:
                return
            for change in self.snapshot.changes(self.watch.written):
                self._judge_change(person, how, *change)

    def _listeners(self, target):
        name = getattr(target, "_name", None)
        for person, user in self.people.items():
            if (
                name is None
                or (name == "res.partner" and user.partner_id in target)
                or (name == "res.users" and user in target)
                or (name == "res.groups" and target in user.sudo().all_group_ids)
            ):
                yield person

    def _judge_change(self, person, how, table, before, now):
        model = table.replace("_", ".")
        verb = "creates" if not before else "deletes" if not now else "changes"
        what = set()
        if before and (thing := self.things.get((model, before.get("id")))):
            what.add(thing)
        for row in filter(None, (before, now)):
            for key in self._documents(row):
                if key in self.things:
                    what.add(self.things[key])
        for thing in what:
            allowed = (
                rights_table.may_change(person, thing)
                if before
                else rights_table.sees(person, thing)
            )
            if not allowed:
                names = sorted(
                    name for name in now or {} if before and before.get(name) != now[name]
                )
                self._hole(person, thing, f"{how}, {verb} {table} {', '.join(names)}", "-")

    def _documents(self, row):
        """Yield what a row stands on."""
        yield row.get("res_model") or row.get("model"), row.get("res_id")
        yield "crm.lead", row.get("lead_id") or row.get("opportunity_id")
        yield "lead.mailbox", row.get("mailbox_id")
        yield "lead.pbx", row.get("pbx_id")

    def _hole(self, person, thing, how, token):
        self.holes.setdefault((person, thing, how), token)

    def _assert_no_holes(self):
        lines = [
            f"{person} | {rights_table.THINGS[thing][0]} | {how} | {token}"
            for (person, thing, how), token in sorted(self.holes.items())
        ]
        print(f"\n{self.calls} calls; errors:")
        for name, count in self.errors.most_common(400):
            print("   ", count, name)
        for line in lines:
            print("HOLE", line)
        self.assertFalse(lines, f"{len(lines)} holes:\n" + "\n".join(lines))

    # ---- THE SETS ----

    def _sets(self, person, model, is_whole=IS_WHOLE):
        """Yield ``(name, ids)``: each forbidden alone, with an allowed one, and all together."""
        forbidden, allowed = {}, []
        for record_id in self.records[model]:
            thing = self.things[model, record_id]
            if rights_table.sees(person, thing):
                allowed.append(record_id)
            else:
                forbidden.setdefault(thing, []).append(record_id)
        for thing, ids in forbidden.items():
            for record_id in ids if is_whole else ids[:1]:
                yield thing, [record_id]
                if allowed:
                    yield f"{thing} and an allowed one", [allowed[0], record_id]
        yield "all at once", list(self.records[model])

    def _run(self, people, ways):
        cls = type(self)
        cls.forbidden = {person: self._forbidden(person) for person in rights_table.PEOPLE}
        with self.watch.on():
            for person in CHOSEN or people:
                began, calls = monotonic(), self.calls
                for way in ways(person):
                    self._try(person, way)
                print(f"{person}: {self.calls - calls} calls, {monotonic() - began:.1f} s")

    # ---- TESTS ----

    def _ways_of_reading(self, person):
        env = self._env_of(person)
        for model in sorted(self.records):
            if not env[model].has_access("read"):
                ids = self.records[model]
                yield "read", model, "read", [ids, ["display_name"]], {}
                yield "search", model, "search_read", [[]], {}
                continue
            for name, ids in self._sets(person, model):
                for how, *way in rights_ways.reads(env, model, ids, len(ids) > 2 or IS_WHOLE):
                    yield f"{how} ({name})", *way
            yield from rights_ways.searches(env, model, self.records[model])

    def test_reading_and_searching(self):
        self._run(rights_table.PEOPLE, self._ways_of_reading)
        self._assert_no_holes()
