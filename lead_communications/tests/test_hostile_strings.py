import json
from contextlib import contextmanager
from datetime import timedelta
from email.header import Header
from unittest.mock import patch
from urllib.parse import unquote

from odoo import fields, http
from odoo.tests import tagged

from .hostile_strings import KINDS, MARK, hostile, line
from .patience import PatientBrowser
from .remote import Remote
from .tours import ToursCommon

# So many strings stand in each text; those that take in what follows come last.
AT_ONCE = 6
ROWS = -(-len(KINDS) // AT_ONCE)
# The places in which each of them is seen as the text that it is.
TEXTS = {
    "s": "subject of an email",
    "f": "sender of an email",
    "a": "name of a file",
    "t": "plain text of an email",
    "c": "name of a caller",
    "n": "number of a caller",
    "e": "subject of an event",
    "l": "name of a lead",
    "p": "company of a lead",
}
TELL_DIALOGS = """
for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (text) => hx(`${name}: ${text}`);
}
"""
LISTED = '$(".o_list_renderer")'
# What all pages are looked at with.
LOOK = r"""
const marks = /hx\d{3}[a-z]x/g;
const fetching = ["src", "srcset", "imagesrcset", "data", "poster", "background", "action",
    "formaction", "xlink:href", "ping", "srcdoc", "manifest", "style", "lowsrc", "dynsrc", "icon",
    "archive", "codebase", "code", "values", "to"];
const never = "script,style,template,iframe,frame,object,embed,base,meta,link,portal,applet";
const script = /^[\s\0-\x20]*(javascript|vbscript|data):/i;
function isHarmful(element, name, value) {
    if (name === "href") {
        return !element.matches("a, area") || script.test(value);
    }
    if (name === "style") {
        return /url|image|src|@|\\/i.test(value);
    }
    const isPicture = name === "src" && value.startsWith("data:image/");
    return name.startsWith("on") || (fetching.includes(name) && !isPicture);
}
const shown = new Set(), bad = [];
function note(root = document.documentElement) {
    const see = (text) => (text.match(marks) || []).map((mark) => shown.add(mark)).length;
    see(root.textContent);
    for (const element of root.querySelectorAll("*")) {
        let isBad = element.matches(never) && element.outerHTML.match(marks);
        for (const { name, value } of element.attributes) {
            isBad ||= see(value) && isHarmful(element, name, value);
        }
        if (isBad) {
            bad.push(element.outerHTML.slice(0, 300));
        }
        see(`${element.value ?? ""}`);
    }
}
const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
async function until(what) {
    const end = Date.now() + 300000;
    while (!what()) {
        if (Date.now() > end) {
            throw new Error(`Waited in vain for ${what}`);
        }
        await sleep(20);
    }
    return what();
}
const $ = (selector) => document.querySelector(selector);
const $$ = (selector) => [...document.querySelectorAll(selector)];
async function click(selector) {
    (await until(() => $(selector))).click();
}
"""
# Each of some records, in a form.
FORMS = """
const ids = %(ids)s;
await odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    {
        type: "ir.actions.act_window",
        res_model: "lead.communication",
        res_id: ids[0],
        views: [[%(view)d, "form"]],
    },
    { props: { resIds: ids } }
);
for (let place = 1; place <= ids.length; place++) {
    await until(() => $(".o_form_view .o_pager_value")?.textContent === `${place}`);
    await sleep(20);
    note($(".o_form_view"));
    $(".o_form_view .o_pager_next").click();
}
"""
# What is asked for before something is done to a row, and what is said afterwards.
DIALOGS = """
const button = ".o_form_view .o_statusbar_buttons button";
for (const name of ["action_attach", "action_ignore_always", "action_assign"]) {
    await click(`${button}[name=${name}]`);
    await until(() => $(".o_dialog .o_form_renderer"));
    await sleep(100);
    note();
    await click(".o_dialog .btn-close");
    await until(() => !$(".o_dialog"));
}
await click(`${button}[name=action_ignore]`);
await until(() => $(".o_notification"));
note();
await click(".o_notification .o_notification_buttons button:last-child");
await until(() => $(`${button}[name=action_attach]`));
note();
"""
TABS = """
for (const tab of $$(".o_notebook .nav-link")) {
    tab.click();
    await sleep(150);
    $$("details").forEach((details) => (details.open = true));
    note();
}
"""
# Who calls, as the bus tells it.
POPUPS = """
const { env } = odoo.__WOWL_DEBUG__.root;
const { registry } = odoo.loader.modules.get("@web/core/registry");
const calls = %s;
let show;
const bus_service = {
    subscribe(name, callback) {
        show = name.endsWith("/ringing") ? callback : show;
    },
    start() {},
};
const { action, notification, orm } = env.services;
const ringing = registry.category("services").get("lead_communications.ringing");
ringing.start(env, { action, bus_service, notification, orm });
calls.forEach((id) => show({ id }));
await until(() => $$(".o_lead_ringing").length >= calls.length);
note();
"""
# The HTML of emails, in frames like that of the card.
FRAMES = """
const frames = %s.map((id) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-popups allow-popups-to-escape-sandbox");
    frame.setAttribute("referrerpolicy", "no-referrer");
    frame.src = `/lead_communications/email/${id}/html?images=%d`;
    return frame;
});
// Chromium does not always tell that such a frame is there; the server knows that it was.
const loaded = frames.map((frame) => new Promise((resolve) => (frame.onload = resolve)));
document.body.append(...frames);
await Promise.race([Promise.all(loaded), sleep(30000)]);
await sleep(500);
"""
# What is to be noticed.
HARM = """
document.body.insertAdjacentHTML("beforeend", `<p>
    <img src="/%(mark)s" onerror="hx('%(mark)s'), alert('%(mark)s')">
    <img src="http://%(mark)s.evil.test/"></p>`);
// As long as a busy machine takes to tell that neither is there.
const told = [...document.body.lastElementChild.children].map(
    (img) =>
        new Promise((resolve) => {
            img.addEventListener("error", resolve);
            img.addEventListener("load", resolve);
        })
);
await Promise.race([Promise.all(told), sleep(30000)]);
await sleep(500);
note();
"""


class WatchedBrowser(PatientBrowser):
    """Knows what ran in its pages, and what they asked others for: those are ``remote``, all."""

    def __init__(self, test_case, remote):
        self.remote = remote
        self.foreign, self.ran = [], []
        super().__init__(test_case)
        self._handlers["Runtime.bindingCalled"] = self._handle_binding
        self._websocket_request("Runtime.addBinding", params={"name": "hx"})
        self._websocket_request(
            "Page.addScriptToEvaluateOnNewDocument", params={"source": TELL_DIALOGS}
        )

    def _spawn_chrome(self, cmd):
        *cmd, page = cmd
        rule = f"MAP *.evil.test 127.0.0.1:{self.remote.server_port}"
        return super()._spawn_chrome([*cmd, f"--host-resolver-rules={rule}", page])

    def _handle_request_paused(self, **params):
        url = params["request"]["url"]
        if not url.startswith(self.test_case.base_url()):
            self.foreign.append(url)
        return super()._handle_request_paused(**params)

    def _handle_binding(self, name, payload, **_kwargs):
        self.ran.append(f"{name}({payload})")

    def _handle_exception(self, exceptionDetails, timestamp):
        self.ran.append(f"error: {json.dumps(exceptionDetails)[:600]}")

    def evaluate(self, code):
        """Return what a function with that body returns in the page."""
        answer = self._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": f"(async () => {{ {code} }})()",
                "awaitPromise": True,
                "returnByValue": True,
            },
            timeout=120,
        )
        if details := answer.get("exceptionDetails"):
            self.take_screenshot().result(10)
            raise AssertionError(json.dumps(details)[:1000])
        return answer["result"].get("value")


@tagged("post_install", "-at_install", "lead_communications")
class TestHostileStrings(ToursCommon):
    """What strangers write is shown everywhere; it runs nothing and fetches nothing."""

    browser_size = "1600x1000"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.actions.act_window"].search([]).limit = 1000
        cls.written = set()
        cls.leads = cls.env["crm.lead"]
        cls.rows = dict.fromkeys(("call", "email", "event"), cls.env["lead.communication"])
        for number in range(ROWS):
            cls._create_all(number, range(number, len(KINDS), ROWS))
        # One that holds all of them, for what is shown of one at a time.
        cls._create_all(ROWS, range(len(KINDS)))

    @classmethod
    def _create_all(cls, number, kinds):
        """Create a lead, a call, an email and an event with ``kinds`` of strings in each text."""
        phone = f"+4822123{number:04d}"

        def text(place, kinds=kinds):
            texts = [line(hostile(kind, place)) for kind in kinds]
            cls.written |= {(place, mark) for text in texts for mark in MARK.findall(text)}
            return " ".join(texts)

        def html(place):
            return "<hr>".join(hostile(kind, place) for kind in kinds)

        lead = cls._create_lead(
            name=text("l"),
            partner_name=text("p"),
            contact_name=text("k"),
            phone=phone,
            description=html("d"),
        )
        cls.leads |= lead
        cls.rows["call"] |= cls._create_call(
            number=text("n"), phone_sanitized=phone, contact_name=text("c")
        )
        mail = cls._mail(
            **{
                "from": f"SENDER <x{number}@customer.test>",
                "subject": text("s"),
                "body": text("t"),
                "html": html("h"),
                "attachments": [(text("a", [kind]), b"file") for kind in kinds[:AT_ONCE]],
            }
        )
        # A name is cut after 250 characters; and Python itself takes such names apart.
        name = Header(text("f", (kinds[0], kinds[-1])), "utf-8").encode().encode()
        cls.rows["email"] |= cls._receive(mail.replace(b"SENDER", name, 1))
        start = fields.Datetime.now().replace(hour=8) + timedelta(hours=number)
        cls.rows["event"] |= cls.env["lead.communication"].create(
            {
                "type": "note",
                "state": "planned",
                "lead_id": lead.id,
                "user_id": cls.anna.id,
                "subject": text("e"),
                "description": html("g"),
                "date": start,
                "date_end": start + timedelta(hours=1),
            }
        )

    # ---- WATCHING ----

    def setUp(self):
        super().setUp()
        self.asked, self.shown, self.bad = [], set(), []
        self.remote = Remote()
        self.addCleanup(self.remote.stop)
        self.browser = WatchedBrowser(self, self.remote)
        self.addCleanup(self.browser.stop)
        with self.allow_requests(browser=self.browser):
            self.authenticate(self.anna.login, self.anna.login, browser=self.browser)

    @contextmanager
    def _watched_server(self):
        """Write down what this server is asked for, by whatever part of the browser."""
        answer = http.Application.__call__

        def watched(application, environ, start_response):
            query = environ.get("QUERY_STRING")
            address = environ["PATH_INFO"] + (f"?{query}" if query else "")
            self.asked.append(f"{environ['REQUEST_METHOD']} {unquote(address)}")
            return answer(application, environ, start_response)

        with patch.object(http.Application, "__call__", watched):
            yield

    def _visit(self, path, ready, code=""):
        """Open a page, wait until ``ready`` is true, do something there, and look at it all."""
        self.env.flush_all()
        self.env.cr.clear()
        with self.allow_requests(browser=self.browser):
            self.browser.navigate_to(f"{self.base_url()}{path}")
            found = self.browser.evaluate(
                f"{LOOK} await until(() => {ready}); await sleep(50); note(); {code}"
                " return { shown: [...shown], bad };"
            )
            self._wait_remaining_requests()
        self.shown.update(found["shown"])
        self.bad += [f"{path}: {element}" for element in found["bad"]]

    def _marked(self):
        return [address for address in self.asked if MARK.search(address)]

    def _assert_nothing_happened(self):
        self.assertEqual(self.browser.ran, [])
        self.assertEqual(self._marked(), [])
        self.assertEqual(self.browser.foreign, [])
        self.assertEqual((self.remote.connections, self.remote.paths), (0, []))
        self.assertEqual(self.bad, [])

    def _assert_all_were_shown(self):
        for place, name in TEXTS.items():
            marks = {mark for where, mark in self.written if where == place}
            self.assertEqual(sorted(marks - self.shown), [], name)

    # ---- THE PAGES ----

    def test_nothing_runs_and_nothing_is_fetched(self):
        with self._watched_server():
            for visit in (
                self._visit_lists,
                self._visit_previews,
                self._visit_events,
                self._visit_leads,
                self._visit_cards,
                self._visit_popups,
                self._visit_chatters,
                self._visit_originals,
            ):
                visit()
                self._assert_nothing_happened()
            self._assert_all_were_shown()
            self._visit_pictures()
            self._assert_harm_is_noticed()

    def _visit_lists(self):
        preview = '$(".o_lead_preview .o_form_renderer")'
        rows = f'$$(".o_data_row").length >= {2 * ROWS} && {preview}'
        self._visit("/odoo/lead-inbox", rows)
        cards = f'$$(".o_kanban_record:not(.o_kanban_ghost)").length >= {2 * ROWS}'
        self._visit("/odoo/lead-inbox?view_type=kanban", cards)
        for name in ("calls", "emails"):
            self._visit(f"/odoo/lead-{name}", f'$$(".o_data_row").length >= {ROWS}')

    def _visit_previews(self):
        ids = (self.rows["call"][:-1] | self.rows["email"][:-1]).ids
        view = self.env.ref("lead_communications.lead_communication_view_form_preview")
        self._visit("/odoo/lead-events", LISTED, FORMS % {"ids": ids, "view": view.id})

    def _visit_events(self):
        self._visit("/odoo/lead-events", f'$$(".o_data_row").length >= {ROWS}')
        cards = f'$$(".o_kanban_record:not(.o_kanban_ghost)").length >= {ROWS}'
        self._visit("/odoo/lead-events?view_type=kanban", cards)
        self._visit(
            "/odoo/lead-events?view_type=calendar",
            '$$(".o_calendar_renderer .fc-event").length > 3',
            '$(".fc-event").click(); await until(() => $(".o_cw_popover")); note();',
        )

    def _visit_leads(self):
        path = "/odoo/action-crm.crm_lead_opportunities"
        cards = f'$$(".o_kanban_record:not(.o_kanban_ghost)").length >= {ROWS}'
        self._visit(path, cards)
        self._visit(f"{path}?view_type=list", f'$$(".o_data_row").length >= {ROWS}')

    def _visit_cards(self):
        for name, kind in (("calls", "call"), ("emails", "email")):
            row = self.rows[kind][-1]
            ready = '$(".o_form_renderer")'
            self._visit(f"/odoo/lead-{name}/{row.id}", ready, TABS + DIALOGS)

    def _visit_popups(self):
        calls = self.rows["call"]
        calls.ringing_user_ids = self.anna.ids
        for call in calls.with_user(self.anna):
            self.assertTrue(call.get_ringing_message()["leads"])
        self._visit("/odoo/lead-calls", LISTED, POPUPS % json.dumps(calls.ids))

    def _visit_chatters(self):
        """The chatter, and the tabs, of leads to which all of it was attached."""
        half = ROWS // 2
        for lead, some in ((self.leads[0], slice(half)), (self.leads[-1], slice(half, None))):
            for kind in ("email", "call"):
                self.rows[kind][some]._decide("attach", lead)
            ready = f'$$(".o-mail-Message").length >= {half}'
            self._visit(f"/odoo/crm.lead/{lead.id}", ready, TABS)

    def _visit_originals(self):
        self._visit("/odoo/lead-calls", LISTED, FRAMES % (self.rows["email"].ids, 0))
        frames = "GET /lead_communications/email/%d/html?images=0"
        self.assertEqual({frames % row.id for row in self.rows["email"]} - set(self.asked), set())

    def _visit_pictures(self):
        """Remote pictures are asked for: that runs nothing, and gets nothing of this server."""
        self._visit("/odoo/lead-calls", LISTED, FRAMES % (self.rows["email"].ids, 1))
        self.assertTrue(self.remote.paths or self.browser.foreign)
        self.assertEqual(self.browser.ran + self._marked(), [])

    def _assert_harm_is_noticed(self):
        mark = "hx000zx"
        self.browser.foreign.clear()
        self._visit("/odoo/lead-calls", LISTED, HARM % {"mark": mark})
        self.assertEqual(sorted(self.browser.ran), [f"hx(alert: {mark})", f"hx({mark})"])
        self.assertEqual(self._marked(), [f"GET /{mark}"])
        self.assertEqual(self.browser.foreign, [f"http://{mark}.evil.test/"])
        self.assertEqual(len(self.bad), 2)
