"""The lead's card: opening a lead with ten communications, and one with many more."""

from lxml import etree

from odoo import SUPERUSER_ID, api

from . import calls, data
from .lists import _start_request
from .measure import Row, in_turn

FEW = 10
# Calls of others: no table holds one lead alone, and plans are made for all of it.
OTHERS = 100_000
# What the web client asks of a list inside a form at first.
LIST_LIMIT = 40


def measure(registry, options) -> list[Row]:
    """Measure the card at each size: so many communications of one lead, half of them emails."""
    with registry.cursor() as cr:
        setting = calls.prepare(cr)
        data.fill(cr, setting.pbx_id, setting.user_ids, OTHERS)
        few, form = _lead(cr, setting, FEW), _form(cr)
    rows = []
    for size in options.sizes:
        print(f"a lead with {size} communications ...", flush=True)
        with registry.cursor() as cr:
            many = _lead(cr, setting, size)
            env = api.Environment(cr, setting.user_ids[0], {})
            series = in_turn(
                {
                    f"with {size}": _opening(env, many, form),
                    f"with {FEW}": _opening(env, few, form),
                },
                options.rounds,
                cr,
            )
        ours, reference = series.values()
        rows.append(Row(f"opening a lead with {size}", ours, reference, "<= 1.2 x", 1.2))
    return rows


def _opening(env, lead_id, form):
    """Return a variant that reads what the form shows, and the newest messages of the chatter."""

    def run():
        _start_request(env)
        lead = env["crm.lead"].browse(lead_id)
        yield
        lead.web_read(form)
        env["mail.message"]._message_fetch(domain=None, thread=lead, limit=30)
        yield

    return run


def _form(cr):
    """Return what the web client reads for the lead's form, as a specification of ``web_read``."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    views = env["crm.lead"].get_views([(env.ref("crm.crm_lead_view_form").id, "form")])
    arch = etree.fromstring(views["views"]["form"]["arch"])
    return _specification(env, "crm.lead", arch)


def _specification(env, model, arch):
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        name = node.get("name")
        field = env[model]._fields[name]
        if field.type == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many"):
            specification[name] = _rows(env, field, node)
        else:
            specification[name] = {}
    return specification


def _rows(env, field, node):
    lists = node.findall("list")
    reference = env["ir.ui.view"]
    for part in (node.get("context") or "").split("'"):
        if part.startswith("lead_communications.") and "list" in part:
            reference = env.ref(part)
    if not lists and reference:
        view = env[field.comodel_name].get_views([(reference.id, "list")])["views"]["list"]
        lists = [etree.fromstring(view["arch"])]
    if not lists:
        return {"fields": {"display_name": {}}}
    return {"fields": _specification(env, field.comodel_name, lists[0]), "limit": LIST_LIMIT}


def _lead(cr, setting, count):
    """Return the id of a new lead with so many calls and emails."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    lead = env["crm.lead"].create(
        {"name": f"Lead with {count}", "user_id": setting.user_ids[0], "type": "opportunity"}
    )
    env.flush_all()
    cr.execute(
        """
        WITH message AS (
            INSERT INTO mail_message (
                model, res_id, message_type, subtype_id, subject, body, date, email_from,
                message_id, create_uid, create_date
            )
            SELECT 'crm.lead', %(lead)s, 'email', %(subtype)s, 'Mail ' || n,
                '<p>' || repeat('What we talked about. ', 40) || '</p>',
                '2026-10-01'::timestamp - n * interval '20 minutes', 'jan@customer.test',
                '<' || %(lead)s || '-' || n || '@bench.test>', 1, now()
            FROM generate_series(1, %(count)s / 2) n
            RETURNING id, date, subject, message_id
        )
        INSERT INTO lead_communication (
            company_id, type, state, lead_id, direction, date, subject, preview, email_from,
            email_normalized, mail_message_id, conversation_ref, message_ref, user_id,
            create_uid, create_date, write_uid, write_date
        )
        SELECT %(company)s, 'email', 'done', %(lead)s, 'incoming', date, subject,
            'What we talked about', 'jan@customer.test', 'jan@customer.test', id,
            message_id, message_id, %(user)s, 1, now(), 1, now()
        FROM message
        """,
        {
            "lead": lead.id,
            "count": count,
            "user": setting.user_ids[0],
            "company": env.company.id,
            "subtype": env.ref("mail.mt_comment").id,
        },
    )
    cr.execute(
        """
        INSERT INTO lead_communication (
            pbx_id, external_id, company_id, type, state, lead_id, direction, date, duration,
            number, phone_sanitized, result, user_id, create_uid, create_date, write_uid,
            write_date
        )
        SELECT pbx.id, 'card-' || %(lead)s || '-' || n, pbx.company_id, 'call', 'done', %(lead)s,
            'incoming', '2026-10-01'::timestamp - n * interval '20 minutes', 60,
            '+48221234567', '+48221234567', 'answered', %(user)s, 1, now(), 1, now()
        FROM generate_series(1, %(count)s - %(count)s / 2) n, lead_pbx pbx WHERE pbx.id = %(pbx)s
        """,
        {
            "lead": lead.id,
            "count": count,
            "user": setting.user_ids[0],
            "pbx": setting.pbx_id,
        },
    )
    cr.commit()
    _vacuum(cr)
    return lead.id


def _vacuum(cr):
    """Do what PostgreSQL does by itself some time after so many rows were written."""
    cr._cnx.autocommit = True
    cr.execute("VACUUM ANALYZE lead_communication, mail_message")
    cr._cnx.autocommit = False
