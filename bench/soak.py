"""Two nodes on one database: calls and emails come in, four people decide, and nodes are killed."""

import contextlib
import http.client
import importlib.util
import json
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from odoo.addons.lead_communications.telephony import asterisk

from .data import next_call, push
from .mail_data import small
from .measure import Row, Series
from .server import Server, _free_port, odoo

DOVECOT = Path(__file__).parents[1] / "lead_communications" / "tests" / "email" / "dovecot.py"
LOGIN = "soak"
PEOPLE, SENDERS, NODES = 4, 2, 2
#: How long may pass until what came in is there, once nothing is killed any more.
PATIENCE = 600
#: Odoo runs a request that meets others five times at most.
MOST_TRIES = 5
FORM = "application/x-www-form-urlencoded"
UNREACHED = (OSError, http.client.HTTPException)
_RETRY = re.compile(r"(\d) tries left, try again")
_ERROR = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) \S+ (.*)$", re.MULTILINE)
#: What a person may be answered: done, or told why not (somebody was first, it is being decided).
ANSWERS = {200, 409, 422}


class Node(Server):
    """One Odoo of several on a database, as a process that can be killed and started again."""

    def __init__(self, database, log):
        self.database, self.log = database, log
        self.port = _free_port()
        command = odoo("-d", database, f"--http-port={self.port}", "--workers=0")
        command += ["--max-cron-threads=1", "--log-level=info", "--log-handler=werkzeug:ERROR"]
        command += ["--log-handler=odoo.modules:WARNING"]
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                command, start_new_session=True, stdout=output, stderr=output
            )

    def answers(self) -> bool:
        """Tell whether it has loaded the database; this one is without the benchmark's addon."""
        headers = {"Content-Type": "application/json"}
        return self.post("/web/webclient/version_info", b"{}", headers)[0] == 200

    def kill(self):
        """Kill it at whatever it is, as a power cut does."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Soak:
    """The world, what was sent into it, and what people were answered."""

    def __init__(self, registry, database, dovecot, folder):
        self.registry, self.database, self.dovecot = registry, database, dovecot
        self.logs = [folder / f"node-{number}.log" for number in range(NODES)]
        self.nodes = [None] * NODES
        self.chance = random.Random(19)
        self.over = threading.Event()
        self.calls, self.mails, self.kills = [], 0, 0
        self.answers, self.wrong = Counter(), []
        self._prepare()

    # ---- THE WORLD ----

    @contextlib.contextmanager
    def env(self):
        """Give an environment of the superuser, committed at the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _prepare(self):
        with self.env() as env:
            env["lead.communication"].search([]).unlink()  # of the demo
            env["lead.communication.decision"].search([]).unlink()
            env["lead.communication.failure"].search([]).unlink()
            group = env.ref("sales_team.group_sale_salesman_all_leads")
            users = (
                env["res.users"]
                .with_context(no_reset_password=True)
                .create(
                    [
                        {
                            "name": f"Soak {number}",
                            "login": f"soak{number}",
                            "group_ids": [
                                Command.link(group.id),
                                Command.link(env.ref("base.group_system").id),
                            ],
                        }
                        for number in range(PEOPLE)
                    ]
                )
            )
            tomorrow = fields.Datetime.now() + timedelta(days=1)
            self.keys = [
                env(user=user.id)["res.users.apikeys"]._generate("rpc", "soak", tomorrow)
                for user in users
            ]
            pbx = env["lead.pbx"].create(
                {"name": "Soak", "country_id": env.ref("base.pl").id, "tz": "UTC"}
            )
            self.path = f"/lead_communications/pbx/{pbx.key}"
            self.secret, self.pbx_id = pbx._live_secrets()[0], pbx.id
            server = env["fetchmail.server"].create(
                {
                    "name": "Soak",
                    "server_type": "imap",
                    "server": "127.0.0.1",
                    "port": self.dovecot.imap_port,
                    "user": LOGIN,
                    "password": self.dovecot.password,
                    "state": "done",
                }
            )
            mailbox = env["lead.mailbox"].create(
                {
                    "name": "Soak",
                    "address": "soak@company.test",
                    "server_id": server.id,
                    "mode": "manual",
                    "member_ids": [Command.set(users.ids)],
                    "fetch_since": "2020-01-01",
                }
            )
            self.mailbox_id = mailbox.id
            env.ref("mail.ir_cron_mail_gateway_action").active = True
            if enrich := env.ref("crm_iap_enrich.ir_cron_lead_enrichment", False):
                enrich.active = False  # it asks a server in the internet
            self.leads_before = env["crm.lead"].with_context(active_test=False).search_count([])
        self.deadlocks = self._deadlocks()

    def _deadlocks(self):
        with self.registry.cursor() as cr:
            cr.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            return cr.fetchone()[0]

    # ---- WHO DOES WHAT ----

    def run(self, seconds, pause, least_kills=1):
        """Let all of them work for so long, a node being killed after each ``pause`` seconds."""
        for number in range(NODES):
            self._start(number)
        threads = [threading.Thread(target=self._send) for _one in range(SENDERS)]
        threads.append(threading.Thread(target=self._mail))
        threads += [threading.Thread(target=self._decide, args=(key,)) for key in self.keys]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end or self.kills < least_kills:
                time.sleep(pause)
                number = self.kills % NODES
                self.nodes[number].kill()
                self.kills += 1
                self._start(number)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
        self._wait_for_mail()
        for node in self.nodes:
            node.__exit__()

    def _start(self, number):
        self.nodes[number] = Node(self.database, self.logs[number])
        self.nodes[number].__enter__()

    def _node(self):
        return self.chance.choice(self.nodes)

    def _send(self):
        """Report calls as a telephone system does: each until somebody has taken it, some twice."""
        while not self.over.is_set():
            call = next_call()
            self.calls.append(call["external_id"])
            for _report in range(self.chance.choice((1, 1, 2))):
                self._push(push(call))

    def _push(self, body):
        while True:
            signature = asterisk.sign(body, self.secret, int(time.time()))
            headers = {"X-Signature": signature, "Content-Type": FORM}
            with contextlib.suppress(*UNREACHED):
                status, _answer = self._node().post(self.path, body, headers)
                self.answers["push", status] += 1
                if status == 200:
                    return
            time.sleep(0.05)

    def _mail(self):
        """Let emails arrive, and the scheduler be told to look."""
        while not self.over.is_set():
            self.dovecot.deliver_all([small("soak@company.test") for _one in range(3)], LOGIN)
            self.mails += 3
            self._fetch_soon()
            self.over.wait(1)

    def _fetch_soon(self):
        with self.env() as env:
            env.ref("mail.ir_cron_mail_gateway_action")._trigger()

    def _wait_for_mail(self):
        end = time.monotonic() + PATIENCE
        while self._mail_rows() < self.mails and time.monotonic() < end:
            self._fetch_soon()
            time.sleep(1)

    def _mail_rows(self):
        with self.env() as env:
            domain = [("mailbox_ids", "in", self.mailbox_id)]
            return env["lead.communication"].search_count(domain)

    def _decide(self, key):
        """Decide what waits, the newest first, as others do at the same time; take some back."""
        ready, done = [("state", "=", "ready")], [("decision_id", "!=", False)]
        while not self.over.is_set():
            with contextlib.suppress(*UNREACHED):
                button = self.chance.choice(
                    ("action_create_lead", "action_ignore", "action_ignore", "action_undo")
                )
                domain = done if button == "action_undo" else ready
                found = self._ask(key, "search", domain=domain, limit=8)
                if found:
                    self._ask(key, button, ids=[self.chance.choice(found)])
            self.over.wait(0.05)

    def _ask(self, key, method, **arguments):
        status, answer = self._node().json2(key, "lead.communication", method, **arguments)
        self.answers[method, status] += 1
        if status not in ANSWERS:
            self.wrong.append(f"{method}: {status} {answer[:300]}")
        return json.loads(answer) if status == 200 else None

    # ---- WHAT CAME OF IT ----

    def problems(self):
        """Return in words what is not as it has to be."""
        with self.env() as env:
            rows = env["lead.communication"]
            calls = rows.search([("pbx_id", "=", self.pbx_id)]).mapped("external_id")
            mails = rows.search([("mailbox_ids", "in", self.mailbox_id)])
            leads = env["crm.lead"].with_context(active_test=False).search_count([])
            made = rows._read_group(
                [("pbx_id", "=", self.pbx_id), ("state", "=", "done")], [], ["__count"]
            )[0][0] + len(mails.filtered(lambda row: row.state == "done"))
            own = ["|", ("pbx_id", "=", self.pbx_id), ("mailbox_ids", "in", self.mailbox_id)]
            linked = rows.search([("lead_id", "!=", False), *own]).lead_id.ids
            references = mails.mapped("message_ref")
            failures = env["lead.communication.failure"].search([("state", "=", "failed")])
            told = failures.mapped("error")
        found = {
            "calls lost": len(set(self.calls) - set(calls)),
            "calls twice": len(calls) - len(set(calls)),
            "calls of nobody": len(set(calls) - set(self.calls)),
            "emails lost or twice": self.mails - len(references),
            "emails twice": len(references) - len(set(references)),
            "leads of no row, or of two": leads - self.leads_before - len(linked),
            "decided rows that share a lead": made - len(linked),
            "deadlocks": self._deadlocks() - self.deadlocks,
        }
        words = [f"{name}: {count}" for name, count in found.items() if count]
        words += [f"failed: {error}" for error in told]
        words += self.wrong[:5]
        words += [f"logged as an error: {line}" for line in sorted(set(self.errors()))[:5]]
        if self.tries() >= MOST_TRIES:
            words.append(f"a request ran {self.tries()} times")
        return words

    def errors(self):
        """Return what the nodes logged as errors."""
        return [line for log in self.logs for line in _ERROR.findall(log.read_text())]

    def retries(self):
        """Return how often nodes ran a request again, by how many tries were left."""
        return Counter(int(left) for log in self.logs for left in _RETRY.findall(log.read_text()))

    def tries(self):
        """Return how often the request ran that ran most often."""
        return MOST_TRIES - min(self.retries(), default=MOST_TRIES) + 1


def measure(registry, options) -> list[Row]:
    """Run it for the given time; the goal is that nothing is wrong afterwards."""
    spec = importlib.util.spec_from_file_location("dovecot", DOVECOT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dovecot = module.Dovecot().start()
    dovecot.password = module.PASSWORD
    folder = Path(os.environ.get("SOAK_LOGS") or dovecot._folder)
    try:
        soak = Soak(registry, options.database, dovecot, folder)
        started = time.perf_counter()
        soak.run(options.seconds, pause=min(options.seconds / 3, 20))
        problems = soak.problems()
    finally:
        dovecot.stop()
    series = Series("ours", [time.perf_counter() - started])
    row = Row(f"{NODES} nodes, {PEOPLE} people", series, goal="nothing lost, doubled, logged")
    row.others_met = not problems
    answers = ", ".join(
        f"{method} {status}: {count}" for (method, status), count in sorted(soak.answers.items())
    )
    figures = (
        f"{len(soak.calls)} calls, {soak.mails} emails, {soak.kills} kills; run again:"
        f" {sum(soak.retries().values())} times, a request {soak.tries()} times at most; {answers}"
    )
    row.note = "; ".join([figures, *problems])
    return [row]
