"""Nobody sees, learns or does what they may not: each person, each thing, each way to it.

The ways are made from the registry (``rights_ways``), so a new field, model, wizard or method is
tried without anybody thinking of it. Who sees what is written by hand (``rights_table``).
``RIGHTS=all`` in the environment tries everything with everything, which takes long.
"""

import json
import os
import sys
from collections import Counter
from copy import deepcopy
from functools import partial
from pathlib import Path
from time import monotonic, time
from types import SimpleNamespace
from unittest.mock import patch
from zlib import crc32

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models import res_users

from . import rights_http, rights_table, rights_ways
from .patience import PatientHttpCase
from .rights_watch import Snapshot, Watch, text_of, tokens
from .rights_world import RightsWorld

# For a look at some people only: RIGHTS_WHO=own,member
CHOSEN = [name for name in os.environ.get("RIGHTS_WHO", "").split(",") if name]
# One of each kind, for what is alike for the others.
FEW = ("employee", "own", "member", "manager", "system", "other")
THOROUGH = ("own", "system")
BY_ADDRESS = ("public", "portal", "employee", "own", "member", "system", "other")
POINTING = ("employee", "outsider", "own", "manager", "system", "other", "both_one")
DOCUMENTS = ("crm.lead", "lead.communication")
# What the registry keeps of these tables is not undone with them.
CACHED = {
    "ir_config_parameter",
    "ir_rule",
    "lead_communication_exception",
    "lead_pbx",
    "lead_pbx_line",
    "lead_pbx_rewrite",
    "res_groups",
    "res_groups_users_rel",
}
IS_WHOLE = os.environ.get("RIGHTS") == "all"


def _say(line):
    """Tell what is found as it is found: a run of all takes minutes."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


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
        self.person = person
        self.how = f"{model}.{getattr(method, '__name__', method)}: {how}"
        env = self._env_of(person)
        self.watch.reset()
        self.texts = []
        savepoint = self.env.cr.savepoint()
        try:
            if callable(method):
                method(partial(self._call_beside, env))
            else:
                self._call(env, model, method, args, kwargs)
            self._judge(person, self.how, given)
        finally:
            savepoint.close(rollback=True)
            for callbacks in (self.env.cr.precommit, self.env.cr.postcommit):
                callbacks.clear()
                callbacks.data.clear()
            if CACHED & set(self.watch.written):
                self.env.registry.clear_all_caches()

    def _call(self, env, model, method, args, kwargs):
        """Call one method and note what it says; return the answer, or None where it fails."""
        self.calls += 1
        try:
            # Odoo fills in the values that it is given.
            answer = call_kw(env[model], method, deepcopy(args), deepcopy(kwargs))
            self.texts.append(text_of(answer))
            env.flush_all()
            return answer
        except (UserError, ValueError) as error:
            self.texts.append(f"{error} {error.args}")
            self.errors[type(error).__name__] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, its text goes to the client
            self.texts.append(repr(error))
            self.errors[f"{type(error).__name__} {model}.{method}: {str(error)[:150]}"] += 1
        # What is refused is rolled back by the request, and changes nothing.
        self.watch.written.clear()
        return None

    def _call_beside(self, env, model, method, args, kwargs, is_undone=False):
        """Call one method among others, which are not undone with it."""
        written = {table: set(verbs) for table, verbs in self.watch.written.items()}
        savepoint = self.env.cr.savepoint()
        answer = self._call(env, model, method, args, kwargs)
        if is_undone and self.watch.written:
            self._judge_changes(self.person, f"{self.how}, then {method}")
        savepoint.close(rollback=answer is None or is_undone)
        if answer is None or is_undone:
            self.watch.written.clear()
        self.watch.written.update(written)
        return answer

    def _judge(self, person, how, given=()):
        forbidden = self.forbidden[person] - set(given)
        for token in tokens("\n".join(self.texts)) & forbidden:
            self._hole(person, self.owner[token], how, token)
        for token in tokens(self.watch.log.lines) & self.forbidden[person]:
            self._hole(person, self.owner[token], f"{how}, in the log", token)
        self._judge_told(how)
        self._judge_changes(person, how)

    def _judge_told(self, how):
        for target, kind, message in self.watch.bus:
            for reader in self._listeners(target):
                for token in tokens(message) & self.forbidden[reader]:
                    self._hole(reader, self.owner[token], f"{how}, on the bus ({kind})", token)

    def _judge_changes(self, person, how):
        for change in self.snapshot.changes(self.watch.written):
            self._judge_change(person, how, *change)

    def _listeners(self, target):
        """Yield those to whom the bus carries what is sent to ``target``."""
        if isinstance(target, tuple):  # with a channel of its own
            target = target[0]
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
        what = {self.things.get((model, row["id"])) for row in (before,) if row and "id" in row}
        if table != "calendar_event":
            # A meeting on any lead is Odoo's; the event of the lead that it stands for is not.
            placed = set(self._documents(now or {})) - set(self._documents(before or {}))
            what |= {self.things.get(document) for document in placed}
        what.discard(None)
        if table == "mail_followers" and person in rights_table.ADMINS:
            return  # Odoo lets administrators make anybody a follower.
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
        yield "crm.lead", row.get("lead_id")
        yield "lead.mailbox", row.get("mailbox_id")

    def _hole(self, person, thing, how, token):
        if (person, thing, how) not in self.holes:
            self.holes[person, thing, how] = token
            _say(f"HOLE {self._line(person, thing, how, token)}")

    def _line(self, person, thing, how, token):
        return f"{person} | {rights_table.THINGS[thing][0]} | {how} | {token}"

    def _assert_no_holes(self):
        lines = [self._line(*hole, token) for hole, token in sorted(self.holes.items())]
        _say(f"\n{self.calls} calls; {sum(self.errors.values())} were refused or failed:")
        for name, count in self.errors.most_common():
            _say(f"  {count} {name}")
        if lines:
            self.fail(f"{len(lines)} holes:\n" + "\n".join(lines))

    # ---- THE SETS ----

    def _sets(self, person, model):
        """Yield ``(name, ids)``: each forbidden alone, with an allowed one, and all together."""
        forbidden, allowed = {}, []
        for record_id in self.records[model]:
            thing = self.things[model, record_id]
            if rights_table.sees(person, thing):
                allowed.append(record_id)
            else:
                forbidden.setdefault(thing, []).append(record_id)
        for thing, ids in forbidden.items():
            for record_id in ids if IS_WHOLE else self._unlike(model, ids):
                yield thing, [record_id]
                if allowed:
                    yield f"{thing} and an allowed one", [allowed[0], record_id]
        yield "all at once", list(self.records[model])

    def _unlike(self, model, ids):
        """Return one of each type among records, which their methods tell apart."""
        if model != "lead.communication":
            return ids[:1]
        return list({self.types[record_id]: record_id for record_id in ids}.values())

    def _some(self, person, model, name, alone, mixed):
        """Return a few sets, other ones for each person and ``name``; all of them if asked for.

        :param alone: how many forbidden records alone; ``mixed``: how many with an allowed one.
        """
        *sets, everything = self._sets(person, model)
        if not IS_WHOLE:
            start = crc32(f"{person}{model}{name}".encode())
            singles = [one for one in sets if len(one[1]) == 1]
            pairs = [one for one in sets if len(one[1]) == 2]
            sets = [*rotated(singles, start, alone), *rotated(pairs, start, mixed)]
        return [*sets, everything]

    def _prepare(self):
        self.forbidden = {person: self._forbidden(person) for person in rights_table.PEOPLE}

    def _run(self, people, ways):
        self._prepare()
        with self.watch.on():
            for person in chosen(people):
                began, calls = monotonic(), self.calls
                for way in ways(person):
                    self._try(person, way)
                _say(f"{person}: {self.calls - calls} calls, {monotonic() - began:.1f} s")
        self._assert_no_holes()

    # ---- READING AND SEARCHING ----

    def test_reading_and_searching(self):
        self._run(rights_table.PEOPLE, self._ways_of_reading)

    def _ways_of_reading(self, person):
        env = self._env_of(person)
        for model in sorted(self.records):
            if not env[model].has_access("read"):
                ids = self.records[model]
                yield "read", model, "read", [ids, ["display_name"]], {}
                yield "search", model, "search_read", [[]], {}
                continue
            some = (99, 99) if person in FEW else (3, 2)
            for name, ids in self._some(person, model, "read", *some):
                for how, *way in rights_ways.reads(env, model, ids):
                    yield f"{how} ({name})", *way
            yield from rights_ways.searches(env, model, self.records[model])

    def test_errors_in_debug_mode(self):
        """Odoo names the records that it refuses in debug mode; ours are named never."""
        debug = SimpleNamespace(session=SimpleNamespace(debug="1"))
        with patch.object(res_users, "request", debug):
            self._run(FEW, self._ways_to_be_refused)

    def _ways_to_be_refused(self, person):
        env = self._env_of(person)
        for model in sorted(self.records):
            # What Odoo says of its own records it says without this addon, too.
            if not (rights_ways.is_ours(env.registry[model]) or IS_WHOLE):
                continue
            for name, ids in self._some(person, model, "refused", 3, 3)[:-1]:
                yield f"read ({name})", model, "read", [ids, ["display_name"]], {}
                if len(ids) == 1:
                    for how, *way in rights_ways.changes(env, model, ids):
                        yield f"{how} ({name})", *way

    def test_searching_by_what_is_hidden(self):
        """What is found by a text that somebody may not see tells the text."""
        self.texts_of = {model: self._texts_of(model) for model in self.records}
        self._prepare()
        with self.watch.on():
            for person in chosen(FEW):
                env = self._env_of(person)
                # Private meetings are found in Odoo's own calendar by their text.
                for model in sorted(set(self.records) - {"calendar.event"}):
                    if env[model].has_access("read"):
                        for path in rights_ways.hidden_paths(env, model, self.texts_of):
                            self._try_path(person, env, model, path)
        self._assert_no_holes()

    def _texts_of(self, model):
        """Return the stored fields of a model that hold canaries."""
        records = self.env[model].browse(self.records[model])
        return [
            name
            for name, field in records._fields.items()
            if field.type in rights_ways.TEXTS
            and field.store
            and not field.groups
            and any(tokens(text or "") for text in records.mapped(name))
        ]

    def _try_path(self, person, env, model, path):
        savepoint = self.env.cr.savepoint()
        try:
            domain = [(path, "ilike", rights_ways.ANY)]
            self.calls += 1
            found = env[model].with_context(active_test=False).search(domain)
        except (UserError, ValueError):
            found = env[model]
        finally:
            savepoint.close(rollback=True)
        seen = set(self.owner) - self.forbidden[person]
        for record in found.sudo():
            words = tokens("\n".join(filter(None, record.mapped(path))))
            if words and not words & seen:
                for word in words:
                    thing = self.owner[word]
                    self._hole(person, thing, f"{model}.search by {path} finds {record}", word)

    # ---- METHODS ----

    def test_methods(self):
        """Each method that a client can call, on what it must not be called on."""
        # Once for all: it looks at each attribute of each model.
        self.methods = [
            (model, name, method, rights_ways.is_defined_by_us(self.registry[model], name))
            for model, name, method in rights_ways.methods_of_registry(self.registry)
        ]
        self._run(rights_table.PEOPLE, self._ways_by_methods)

    def _ways_by_methods(self, person):
        env = self._env_of(person)
        partner_ids = self.people[person].partner_id.ids
        for model, name, method, is_new in self.methods:
            if not (is_new or person in THOROUGH or IS_WHOLE):
                continue
            kwargs = rights_ways.MORE.get(name, {})
            if getattr(method, "_api_model", False):
                args = rights_ways.arguments(method, env[model], partner_ids)
                yield "", model, name, args, kwargs
                continue
            sets = self._sets_of_method(person, env[model], name, is_new)
            for which, ids in sets if model in self.records else ():
                records = env[model].browse(ids)
                args = rights_ways.arguments(method, records, partner_ids)
                yield f"({which})", model, name, [ids, *args], kwargs

    def _sets_of_method(self, person, records, name, is_new):
        if not (records.has_access("read") and is_new):
            return self._some(person, records._name, name, 0, 0)
        some = (12, 3) if person == "own" else (3, 2) if person in FEW else (1, 1)
        return self._some(person, records._name, name, *some)

    # ---- POINTING AT WHAT IS HIDDEN ----

    def test_wizards_and_relations(self):
        """Each relation of a wizard, and of a record, pointed at what is hidden."""
        self._run(POINTING, self._ways_to_point)

    def _ways_to_point(self, person):
        env = self._env_of(person)
        models = set(self.records)
        for model, field in rights_ways.relations_to(env.registry, models, wizards=True):
            if not env[model].has_access("create"):
                continue
            actions = [
                name
                for name in rights_ways.public_methods(env.registry[model], True)
                if name.startswith("action_")
            ]
            values = rights_ways.required_values(env, model, self._allowed(person))
            if model == "mail.compose.message":
                values |= {"model": "crm.lead", "composition_mode": "comment"}
            for thing, record_id in self._targets(person, field.comodel_name):
                attack = rights_ways.attack(model, field, record_id, values, actions)
                yield f"{field.name} = {thing}", model, attack, [], {}
        for model, field in rights_ways.relations_to(env.registry, models, wizards=False):
            if not field.store and not field.inverse:
                continue
            if not env[model].has_access("write") and not env[model].has_access("create"):
                continue
            allowed = self._allowed(person)
            for thing, record_id in self._targets(person, field.comodel_name):
                if model in allowed:
                    change = rights_ways.retarget(model, field, [allowed[model]], record_id)
                    yield f"{field.name} = {thing}", model, change, [], {}
                values = rights_ways.required_values(env, model, allowed)
                attack = rights_ways.attack(model, field, record_id, values, [])
                yield f"{field.name} = {thing}", model, attack, [], {}

    def _targets(self, person, model, count=2):
        """Return a record of each thing that somebody may not see: ``[(thing, id)]``."""
        found = {}
        for record_id in self.records[model]:
            thing = self.things[model, record_id]
            if not rights_table.sees(person, thing):
                found.setdefault(thing, record_id)
        targets = sorted(found.items())
        return targets if IS_WHOLE else rotated(targets, crc32(person.encode()), count)

    def _allowed(self, person):
        """Return the id of a record of each model that somebody may see."""
        found = {}
        for (model, record_id), thing in self.things.items():
            if rights_table.sees(person, thing):
                found.setdefault(model, record_id)
        return found

    def test_targets_by_id(self):
        """What stands on a record is put on another one, or beside it, by its plain id."""
        self._run(FEW, self._ways_by_id)

    def _ways_by_id(self, person):
        env = self._env_of(person)
        for model in DOCUMENTS:
            mine = self._documents_of(person, model)
            for thing, record_id in self._targets(person, model):
                partner = self.people[person].partner_id
                todo = env.ref("mail.mail_activity_data_todo").id
                model_id = self.env["ir.model"]._get_id(model)
                when = {"start": "2035-03-01 10:00:00", "stop": "2035-03-01 11:00:00"}
                for how, other, values in (
                    (
                        "activity",
                        "mail.activity",
                        {
                            "res_model_id": model_id,
                            "res_id": record_id,
                            "activity_type_id": todo,
                            "summary": "Hostile",
                        },
                    ),
                    (
                        "message",
                        "mail.message",
                        {"model": model, "res_id": record_id, "body": "Hostile"},
                    ),
                    (
                        "file",
                        "ir.attachment",
                        {"res_model": model, "res_id": record_id, "name": "h", "raw": "x"},
                    ),
                    (
                        "follower",
                        "mail.followers",
                        {"res_model": model, "res_id": record_id, "partner_id": partner.id},
                    ),
                    (
                        "scheduled message",
                        "mail.scheduled.message",
                        {
                            "model": model,
                            "res_id": record_id,
                            "body": "Hostile",
                            "author_id": partner.id,
                            "scheduled_date": "2035-01-01 10:00:00",
                        },
                    ),
                    (
                        "meeting",
                        "calendar.event",
                        {"name": "Hostile", "res_model_id": model_id, "res_id": record_id} | when,
                    ),
                    (
                        "meeting of a lead",
                        "calendar.event",
                        {
                            "name": "Hostile",
                            "opportunity_id": record_id if model == "crm.lead" else False,
                        }
                        | when,
                    ),
                ):
                    yield f"a {how} for {thing}", other, "create", [values], {}
                    if mine:
                        yield f"a {how} moved to {thing}", other, moved(other, values, mine), [], {}

    def _documents_of(self, person, model):
        return self._allowed(person).get(model)

    # ---- BY ADDRESS ----

    @mute_logger("odoo.http")
    def test_addresses(self):
        """Each route of ours and each way to a file, in debug mode, as one who may not."""
        self._prepare()
        with self.watch.on():
            for person in chosen(BY_ADDRESS):
                self.watch.reset()
                login = None if person == "public" else self.people[person].login
                self.authenticate(login, login, session_extra={"debug": "1"})
                began, calls = monotonic(), self.calls
                self._try_addresses(person, self._targets_of_files(person))
                _say(f"{person}: {self.calls - calls} calls, {monotonic() - began:.1f} s")
        self._assert_no_holes()

    def _targets_of_files(self, person):
        return {model: self._targets(person, model, count=3) for model in self.records}

    def _try_addresses(self, person, targets):
        paths = [
            path
            for rule in rights_http.own_rules(self.env)
            for path in rights_http.own_paths(rule, targets)
        ]
        for thing, path in [*paths, *rights_http.file_paths(self.env, targets)]:
            self._ask(person, f"GET {path} ({thing})", path)
        for thing, path, params in rights_http.json_calls(targets):
            data = json.dumps({"params": params})
            self._ask(person, f"POST {path} ({thing})", path, data=data, headers=rights_http.JSON)

    def _ask(self, person, how, path, **kwargs):
        self.calls += 1
        response = self.url_open(path, allow_redirects=False, **kwargs)
        # Not its ``text``: what is no text would be guessed at for long.
        self.texts = [text_of(response.content), str(response.headers)]
        self.errors[f"status {response.status_code}"] += 1
        self._judge(person, how)
        self.watch.reset()

    def test_those_who_left_cannot_log_in(self):
        user = self.people["colleague"]
        self.authenticate(user.login, user.login)
        user.active = False
        self.env.flush_all()
        (rule, *_rest) = rights_http.own_rules(self.env)
        for _thing, path in rights_http.own_paths(rule, {"lead.communication": [("", 1)]}):
            response = self.url_open(path, allow_redirects=False)
            self.assertNotEqual(response.status_code, 200)

    # ---- WHAT COMES BY ITSELF ----

    def test_bus(self):
        """What is told to those who listen, as things happen to what they may not see."""
        self._prepare()
        for how, happen in self._happenings():
            with self.watch.on():
                self.watch.reset()
                self.texts = []
                savepoint = self.env.cr.savepoint()
                owner = dict(self.owner)
                happen()
                self.env.flush_all()
                self.env.cr.precommit.run()
                self._prepare()
                told = len(self.watch.bus)
                self._judge_told(how)
                savepoint.close(rollback=True)
            self.assertTrue(told, how)
            type(self).owner = owner
        self._assert_no_holes()

    def _happenings(self):
        """Yield ``(what, function)``: what happens to things of which not all may know."""
        lead, user = self.leads["lead_colleague"], self.people["colleague"]
        yield "an email arrives", lambda: self._email_of("email_mailbox", "mailbox")
        yield (
            "an email is attached",
            lambda: self._email_of("lead_colleague", "others")._decide("attach", lead),
        )
        yield "a call rings", lambda: self._ring(user)
        yield (
            "a call is decided",
            lambda: self._call_of("lead_colleague", user_id=user.id)._decide("attach", lead),
        )
        yield (
            "an email is assigned",
            lambda: self._email_of("email_others", "others")
            .with_user(user)
            ._assign(user, self.env["crm.team"]),
        )

    def _ring(self, user):
        pbx = self.systems[self.company]
        pbx.line_ids = [Command.create({"extension": "201", "user_id": user.id})]
        fields = {
            "event": "start",
            "direction": "inbound",
            "linkedid": "1795305367.7",
            "src": self._number("call_colleague").replace("+", "%2B"),
            "name": self._canary("call_colleague"),
            "agent": "201",
            "start": str(int(time())),
        }
        body = "&".join(f"{name}={value}" for name, value in fields.items())
        pbx._receive(body.encode(), "application/x-www-form-urlencoded")

    # ---- THE REST ----

    def test_a_hole_is_found(self):
        """The generator notices what it is for."""
        Communication = self.env.registry["lead.communication"]
        is_open = patch.multiple(
            Communication,
            _visible_domain=lambda _rows: Domain.TRUE,
            _filtered_visible=lambda rows: rows,
        )
        hole = r"own \| [^|]+ \| lead\.communication\.read: [^|]+ \| (zq|501)"
        with is_open, self.assertRaisesRegex(AssertionError, hole):
            self._run(["own"], self._ways_to_be_refused)

    def test_readme(self):
        """The table of the README is that of rights_table."""
        path = Path(__file__).parents[2] / "README.md"
        text = path.read_text()
        table = rights_table.readme()
        start, _, rest = text.partition(rights_table.START)
        end = rest.partition(rights_table.END)[2]
        if os.environ.get("RIGHTS_README"):
            path.write_text(start + table + end)
        self.assertTrue(table in path.read_text(), "Run: " + rights_table.COMMAND)


def chosen(people):
    return [person for person in people if not CHOSEN or person in CHOSEN]


def rotated(values, start, count):
    """Return ``count`` of some values, beginning at one that ``start`` chooses."""
    if not values:
        return []
    start %= len(values)
    return (values + values)[start : start + min(count, len(values))]


def moved(other, values, mine):
    """Return what makes a record on one's own document and then writes it to another's."""

    def a_moved_record(call):
        names = [name for name in ("res_id", "opportunity_id") if values.get(name)]
        made = call(other, "create", [values | dict.fromkeys(names, mine)], {})
        if made is not None:
            target = {name: values[name] for name in names}
            call(other, "write", [[made], target], {})
            # Odoo's calendar tells the name of any lead, with or without this addon.
            names = ["name"] if other == "calendar.event" else None
            call(other, "read", [[made], names], {})

    return a_moved_record
