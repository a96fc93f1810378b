"""The addon's life in one database: released, upgraded, uninstalled, installed again."""

import json
from pathlib import Path

import pytest

from devkit import addon
from devkit.paths import ADDON_NAME
from devkit.releases import release_template, run_script
from devkit.session import databases

FILL = Path(__file__).with_name("fill.py")
# Whose values an upgrade may change, or that say when.
CHANGING = {"write_date", "write_uid"}
# What people fill in and press a button on.
DIALOGS = (
    "lead_communication_assign",
    "lead_communication_attach",
    "lead_communication_ignore",
    "lead_communication_log",
    "lead_pbx_import",
    "lead_pbx_preset",
)
HOST_TABLES = ("crm_lead", "res_partner", "mail_activity", "calendar_event", "mail_message")
SCHEMA = """
    SELECT 'column ' || table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' '
                     || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences
"""
# What each user may do and see: the columns by which a record of it is compared.
# In English: an upgrade keeps the translations that a database has.
RIGHTS = {
    "ir.model.access": "(SELECT model FROM ir_model m WHERE m.id = r.model_id), r.perm_read,"
    " r.perm_write, r.perm_create, r.perm_unlink, (SELECT d.name FROM ir_model_data d"
    " WHERE d.model = 'res.groups' AND d.res_id = r.group_id)",
    "ir.rule": "r.domain_force, r.perm_read, r.perm_write, r.perm_create, r.perm_unlink, r.active",
    "res.groups": "r.name->>'en_US'",
    "ir.cron": "r.interval_number, r.interval_type, r.priority",
    # Actions and views are named by their ids, which differ.
    "ir.ui.view": r"""regexp_replace(r.arch_db->>'en_US', '(name|_id)="[0-9]+', '', 'g'),
    r.priority, r.active""",
    "ir.ui.menu": "r.name->>'en_US', r.sequence, split_part(r.action, ',', 1)",
    "ir.actions.act_window": "r.name->>'en_US', r.res_model, r.domain, r.context, r.view_mode",
}


# A row that is written anew has another place afterwards. Odoo looks at the people of its users
# whenever groups change.
UPDATED = """
    SELECT count(*), md5(string_agg(ctid::text, ',' ORDER BY id)) FROM {0}
     WHERE id <= {1} AND ('{0}' <> 'res_partner' OR id NOT IN (SELECT partner_id FROM res_users))
"""

# Besides, something is planned that Odoo is to keep.
TAKE_OVER = """
env["lead.past"]._cron_take_over()
lead = env["crm.lead"].create({"name": "Kept"})
for kind in ("call", "meeting"):
    env["lead.communication"].create(
        {
            "type": kind,
            "state": "planned",
            "subject": "Kept",
            "lead_id": lead.id,
            "date_end": "2099-01-01",
        }
    )
env.cr.commit()
"""


class Life:
    """One database, in the state that it is in."""

    def __init__(self, found, name):
        self.found = found
        self.name = name

    def query(self, sql):
        return self.found.query(sql, self.name)

    def odoo(self, what, *arguments):
        log = self.found.odoo(what, *arguments, "-d", self.name)
        return log.read_text()

    def run(self, operation):
        options = ("--stop-after-init", "--no-http", "--log-level=warn", operation, ADDON_NAME)
        return self.odoo(f"Life of the addon {operation}", *options)

    def schema(self):
        return set(self.query(SCHEMA).splitlines())

    def tables(self):
        """Return the tables of the addon's models, and of their relations."""
        return self.query(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^lead_' ORDER BY 1"
        ).split()

    def rows(self, table):
        answer = self.query(
            f"SELECT coalesce(json_agg(to_jsonb(t) ORDER BY to_jsonb(t)), '[]') FROM {table} t"
        )
        return json.loads(answer)

    def rights(self):
        """Return what each record of the addon that gives or shows something says."""
        found = {}
        for model, columns in RIGHTS.items():
            table = "ir_act_window" if model == "ir.actions.act_window" else model.replace(".", "_")
            answer = self.query(
                f"SELECT coalesce(json_object_agg(d.name, to_jsonb(ROW({columns}))), '{{}}')"
                f" FROM ir_model_data d JOIN {table} r ON r.id = d.res_id"
                f" WHERE d.module = '{ADDON_NAME}' AND d.model = '{model}'"
            )
            found[model] = json.loads(answer)
        return found

    def files(self):
        """Return where PostgreSQL has the tables of the host: another place if rewritten."""
        return {
            table: self.query(f"SELECT pg_relation_filenode('{table}')") for table in HOST_TABLES
        }

    def ids(self, table):
        return self.query(f"SELECT id FROM {table} ORDER BY id").split()


@pytest.fixture(scope="module")
def found():
    with databases() as one:
        yield one


@pytest.fixture(scope="module")
def released(found):
    """A database with the last release, and rows of every kind."""
    with found.throw_away_copy(release_template(found, FILL), "life") as name:
        found.query("UPDATE ir_module_module SET demo = false", name)  # it would be written anew
        yield Life(found, name)


@pytest.fixture(scope="module")
def before(released):
    tables = [*released.tables(), "fetchmail_server", "ir_config_parameter", "crm_lead"]
    return {table: released.rows(table) for table in tables}


@pytest.fixture(scope="module")
def upgraded(released, before):
    log = released.run("-u")
    assert "ERROR" not in log and "Traceback" not in log, log[-3000:]
    return released


@pytest.fixture(scope="module")
def fresh(found):
    """A database in which the addon was installed as it is."""
    with found.throw_away_copy(found.addon_template(), "fresh") as name:
        yield Life(found, name)


def test_there_are_rows_of_every_kind(before):
    empty = {table for table, rows in before.items() if not rows and not table.endswith("_rel")}
    assert {table for table in empty if not table.startswith(DIALOGS)} == set()


def test_rows_and_secrets_survive_the_upgrade(before, upgraded):
    for table, rows in before.items():
        now = {row.get("id", json.dumps(row)): row for row in upgraded.rows(table)}
        for row in rows:
            same = now.get(row.get("id", json.dumps(row)))
            assert same, (table, row)
            kept = row.keys() & same.keys() - CHANGING
            changed = {name for name in kept if row[name] != same[name]}
            assert not changed or table == "ir_config_parameter", (table, row["id"], changed)


def test_schema_is_that_of_a_fresh_installation(upgraded, fresh):
    assert upgraded.schema() == fresh.schema()


def test_rights_and_views_are_those_of_a_fresh_installation(upgraded, fresh):
    expected = fresh.rights()
    for model, records in upgraded.rights().items():
        assert records == expected[model], model


def test_version_is_the_new_one(upgraded):
    version = upgraded.query(
        f"SELECT latest_version FROM ir_module_module WHERE name = '{ADDON_NAME}'"
    )
    assert version == addon.read_manifest()["version"]


def test_history_of_before_is_taken_over_after_the_upgrade(upgraded, tmp_path):
    script = tmp_path / "take_over.py"
    script.write_text(TAKE_OVER)
    with open(script) as code:
        run_script(upgraded.found, upgraded.name, code)
    assert upgraded.query(
        "SELECT c.date FROM lead_communication c JOIN mail_message m ON m.id = c.mail_message_id"
        " WHERE m.message_id = '<long.ago@customer.example.com>' AND c.state = 'done'"
    ).startswith("2020-01-01")
    assert upgraded.query("SELECT DISTINCT state FROM lead_past") == "done"


@pytest.fixture(scope="module")
def uninstalled(upgraded):
    log = upgraded.odoo("Life of the addon uninstall", "module", "uninstall", ADDON_NAME)
    upgraded.log = log
    return upgraded


@pytest.fixture(scope="module")
def bare(found):
    """A database in which the addon never was."""
    with found.throw_away_copy(found.host_template(), "bare") as name:
        yield Life(found, name)


def test_uninstalling_leaves_no_column_or_index(uninstalled, bare):
    assert uninstalled.schema() == bare.schema()
    assert "ERROR" not in uninstalled.log, uninstalled.log[-3000:]
    left = uninstalled.query(
        f"SELECT model, name FROM ir_model_data WHERE module = '{ADDON_NAME}'"
        " UNION ALL SELECT 'parameter', key FROM ir_config_parameter WHERE key LIKE 'lead%'"
        " UNION ALL SELECT 'job', cron_name FROM ir_cron WHERE cron_name LIKE 'Lead comm%'"
        " UNION ALL SELECT 'file', res_model FROM ir_attachment WHERE res_model LIKE 'lead.%'"
        " UNION ALL SELECT 'message', model FROM mail_message WHERE model LIKE 'lead.%'"
    )
    assert left == ""


def test_uninstalling_stops_the_servers_of_mailboxes_alone(uninstalled):
    states = uninstalled.query(
        "SELECT name, state FROM fetchmail_server WHERE server = 'mail.example.com' ORDER BY name"
    )
    assert states.splitlines() == ["Odoo's own|done", "Of a mailbox alone|draft"]


def test_uninstalling_takes_nothing_of_the_host(uninstalled, bare):
    for table in ("mail_activity", "calendar_event", "crm_lead", "res_users", "mail_message"):
        gone = set(bare.ids(table)) - set(uninstalled.ids(table))
        assert not gone, table
    kept = "SELECT count(*) FROM {} WHERE {} = 'Kept'"
    assert uninstalled.query(kept.format("mail_activity", "summary")) == "2"
    assert uninstalled.query(kept.format("calendar_event", "name")) == "1"


def test_installing_again_rewrites_and_updates_nothing(uninstalled, fresh):
    """What is installed on many leads takes no longer than on few."""
    uninstalled.query("VACUUM ANALYZE")
    newest = {table: uninstalled.ids(table)[-1] for table in HOST_TABLES}
    places = {table: uninstalled.query(UPDATED.format(table, one)) for table, one in newest.items()}
    files = uninstalled.files()
    log = uninstalled.run("-i")
    assert "ERROR" not in log and "Traceback" not in log, log[-3000:]
    assert uninstalled.files() == files
    for table, place in places.items():
        assert uninstalled.query(UPDATED.format(table, newest[table])) == place, table
    assert uninstalled.schema() == fresh.schema()
    state = "SELECT DISTINCT state FROM lead_past"
    assert uninstalled.query(state) == "running"
