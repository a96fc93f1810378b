"""Who may see what: written by hand, as people are told, and asked of the code nowhere.

``README.md`` shows it between two markers; ``test_rights`` holds the product to it.
"""

# Who there is: the name of each person in the tests, and how the README calls them.
PEOPLE = {
    "public": "Nobody (not logged in)",
    "portal": "Portal user",
    "employee": "Employee without CRM rights",
    "telephony": "User of the telephony integration",
    "mail": "User of the mail integration",
    "outsider": "Member of the mailbox without CRM rights",
    "own": "Salesperson (own documents), of the team",
    "colleague": "Another salesperson (own documents)",
    "member": "Salesperson (own documents), member of the mailbox",
    "all": "Salesperson (all documents)",
    "manager": "Manager",
    "admin": "Manager who is administrator too",
    "system": "Administrator without CRM rights",
    "other": "Manager of another company",
    "both_one": "Salesperson (all documents) of both companies, one active",
    "both": "The same, both active",
}
# Those who have left cannot log in: see test_rights.
ARCHIVED = "archived"

NOBODY = frozenset()
ALL_DOCUMENTS = frozenset({"all", "manager", "admin", "both_one", "both"})
OTHER_COMPANY = frozenset({"other", "both"})
SALES_HERE = ALL_DOCUMENTS | {"own", "colleague", "member"}
ADMINS = frozenset({"admin", "system"})
INTERNAL = frozenset(PEOPLE) - {"public", "portal"}

# What there is: its name in the tests, how the README calls it, and who sees it.
THINGS = {
    # -- calls that wait or were ignored
    "call_own": ("Call of the salesperson", ALL_DOCUMENTS | {"own"}),
    "call_colleague": ("Call of a colleague", ALL_DOCUMENTS | {"colleague"}),
    "call_spoke": (
        "Call of a colleague in which the salesperson spoke",
        ALL_DOCUMENTS | {"own", "colleague"},
    ),
    "call_team": ("Call that nobody of the team took", ALL_DOCUMENTS | {"own"}),
    "call_nobody": ("Call of no team and nobody", ALL_DOCUMENTS),
    "call_foreign": ("Call of another company", OTHER_COMPANY),
    # -- emails that wait or were ignored
    "email_mailbox": ("Email in the mailbox", {"member"}),
    "email_archived": ("Email in an archived mailbox of the same members", {"member"}),
    "email_others": ("Email in a mailbox of a colleague", {"colleague"}),
    "email_foreign": ("Email in a mailbox of another company", {"other"}),
    # -- leads, with their calls, emails, notes, messages, activities, files
    "lead_own": ("Lead of the salesperson, and what is on it", ALL_DOCUMENTS | {"own"}),
    "lead_colleague": ("Lead of a colleague, and what is on it", ALL_DOCUMENTS | {"colleague"}),
    "lead_lost": ("Lost lead of a colleague, and what is on it", ALL_DOCUMENTS | {"colleague"}),
    "lead_free": ("Lead of nobody, and what is on it", SALES_HERE),
    "lead_shared": (
        "Lead of a colleague, of no company, and what is on it",
        ALL_DOCUMENTS | OTHER_COMPANY | {"colleague"},
    ),
    "lead_contact": (
        "Lead of a colleague with a contact hidden from them; what is on it but emails",
        ALL_DOCUMENTS | {"colleague"},
    ),
    "email_contact": ("Emails on that lead, and what is known of the contact", ALL_DOCUMENTS),
    # Odoo shows the name of what a record points at to whoever reads the record.
    "contact_name": (
        "Name of that contact, which Odoo shows with the lead",
        ALL_DOCUMENTS | {"colleague"},
    ),
    "lead_foreign": ("Lead of another company, and what is on it", OTHER_COMPANY),
    # -- the calendar is Odoo's: whoever works here sees all but what is private
    "meeting": ("Meetings of leads", INTERNAL),
    "meeting_private": ("Private meeting of a colleague", {"colleague"}),
    # -- what did not work
    "failure_call": ("Report of a call that failed", ADMINS),
    "failure_email": ("Email of the mailbox that failed", {"member"}),
    "failure_foreign": ("Email of another company's mailbox that failed", {"other"}),
    # -- the set-up
    "exception": ("Exception of the company", SALES_HERE),
    "exception_shared": ("Exception of all companies", SALES_HERE | {"other"}),
    "exception_foreign": ("Exception of another company", OTHER_COMPANY),
    # Members are told of new ones by name, whatever other rights they have.
    "mailbox": ("Name of the mailbox", ADMINS | {"member", "outsider"}),
    # Whoever reads an email that came there reads the address.
    "address": ("Address of the mailbox", SALES_HERE | ADMINS | OTHER_COMPANY),
    "address_foreign": ("Address of another company's mailbox", OTHER_COMPANY),
    "mailbox_others": ("Name and address of a mailbox of a colleague", ADMINS | {"colleague"}),
    "mailbox_foreign": ("Name of another company's mailbox", {"other"}),
    # Whoever sees a call of it reads its name.
    "pbx": (
        "Name of the telephone system",
        SALES_HERE | ADMINS | OTHER_COMPANY | {"telephony"},
    ),
    "pbx_foreign": ("Name of another company's telephone system", OTHER_COMPANY),
    "line": ("Lines of the telephone system", ADMINS),
    "recording_address": ("Address of a recording", {"admin"}),
    "server_password": ("Password of an incoming mail server, as in Odoo", ADMINS),
    "secret": ("Secrets and passwords of telephone systems, once they are set", NOBODY),
}

# Who may change it, where it is not whoever sees it.
MAY_CHANGE = {
    "exception": {"manager", "admin"},
    "exception_shared": {"manager", "admin", "other"},
    "exception_foreign": {"other"},
    "failure_email": ADMINS | {"member"},
    "failure_call": ADMINS,
    "mailbox": ADMINS,
    "mailbox_others": ADMINS,
    "mailbox_foreign": NOBODY,
    "pbx": ADMINS,
    "pbx_foreign": NOBODY,
    "line": ADMINS,
    "secret": ADMINS,
}

COMMAND = "RIGHTS_README=1 ./dev test lead_communications/tests/test_rights.py -k readme"
START = f"<!-- rights: written by {COMMAND} -->"
END = "<!-- end of rights -->"


def sees(person, thing):
    return person in THINGS[thing][1]


def may_change(person, thing):
    return person in MAY_CHANGE.get(thing, THINGS[thing][1])


# How the README calls sets of people, the widest first.
SETS = (
    (INTERNAL, "everybody who works here"),
    (SALES_HERE, "salespeople"),
    (ALL_DOCUMENTS, "salespeople of all documents, managers"),
    (OTHER_COMPANY, "the same of the other company"),
    (ADMINS, "administrators"),
    ({"admin"}, "managers who are administrators"),
    ({"own"}, "the salesperson"),
    ({"colleague"}, "the colleague"),
    ({"member", "outsider"}, "the members"),
    ({"member"}, "the members who are salespeople"),
    ({"other"}, "the members of that company"),
    ({"telephony"}, "the telephony integration"),
)


def readme():
    """Return the part of the README: a line for each thing, with those who see it."""
    lines = [START, "", "| what | who sees it |", "|---|---|"]
    lines += [f"| {title} | {_names_of(people)} |" for title, people in THINGS.values()]
    return "\n".join([*lines, "", END])


def _names_of(people):
    names, left = [], set(people)
    for members, name in SETS:
        if members <= people and members & left:
            names.append(name)
            left -= members
    return ", ".join(names) or "nobody"
