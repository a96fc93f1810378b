"""What is measured with: emails, and a database full of leads, contacts and messages."""

import base64
import itertools
import os
import time
from email.message import EmailMessage

_number = itertools.count()
_RUN = f"{os.getpid()}.{int(time.time())}"
ADDRESS = "sales@company.test"
#: A mail of two kilobytes.
TEXT = "Good morning,\nhow much is a window of 120 by 140 centimetres, and when can we have it?\n"
HTML = "<p>Good morning, <b>how much</b> is a window of 120 by 140 centimetres?</p>"


def small(to: str = ADDRESS, sender: str | None = None, **headers) -> bytes:
    """Return an email of two kilobytes from somebody new."""
    return _message(to, sender, headers).as_bytes()


def large(size: int, to: str = ADDRESS) -> bytes:
    """Return an email of about ``size`` bytes with three files that nothing makes smaller."""
    message = _message(to, None, {})
    for number in range(3):
        message.add_attachment(
            b"file", maintype="application", subtype="pdf", filename=f"plan-{number}.pdf"
        )
    # Filled in by hand: the standard library would need more memory than what is measured.
    pieces = message.as_bytes().split(base64.encodebytes(b"file"))
    raw = bytearray(pieces[0])
    for piece in pieces[1:]:
        raw += base64.encodebytes(os.urandom(size // 4)) + piece
    return bytes(raw)


def to_many(count: int, to: str = ADDRESS) -> bytes:
    """Return an email with so many people in Cc."""
    people = ", ".join(f"Person {number} <p{number}@many.test>" for number in range(count))
    # Not by the parser of the standard library, which takes a minute for that.
    return f"Cc: {people}\n".encode() + small(to)


def _message(to, sender, headers):
    number = next(_number)
    message = EmailMessage()
    message["From"] = sender or f"Jan Kowalski <jan{number}.{_RUN}@customer.test>"
    message["To"] = to
    message["Subject"] = headers.pop("subject", f"A question about windows {number}")
    message["Date"] = "Mon, 02 Nov 2026 10:15:00 +0100"
    message["Message-ID"] = f"<{number}.{_RUN}@customer.test>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(TEXT * 9)
    message.add_alternative(HTML * 13, subtype="html")
    return message


# ---- A FULL DATABASE ----


def fill(env, size: int) -> None:
    """Make contacts, leads, messages and emails until there are ``size`` of each.

    Each is a copy of one record that was made by the ORM, so that every column is plausible, with a
    name, address and number of its own.
    """
    cr = env.cr
    source = env["res.partner"].create(
        {"name": "Source", "email": "source@filled.test", "phone": "+48 22 100 00 00"}
    )
    lead = env["crm.lead"].create(
        {"name": "Source", "partner_id": source.id, "type": "opportunity", "user_id": 1}
    )
    message = lead.message_post(body="Source", message_type="comment")
    email = env["lead.communication"].create(
        {"type": "email", "state": "ignored", "direction": "incoming", "subject": "Source"}
    )
    env.flush_all()
    address = "'c' || n || '@d' || n %% 50000 || '.test'"
    number = "'+4822' || (1000000 + n %% 8999999)"
    person = {"phone": number, "phone_sanitized": number, "email_normalized": address}
    multiply(
        cr,
        source,
        size,
        person
        | {
            "name": "'Customer ' || n",
            "complete_name": "'Customer ' || n",
            "email": address,
            "commercial_partner_id": "new_id",
        },
    )
    multiply(cr, lead, size, person | {"name": "'Lead ' || n", "email_from": address})
    multiply(cr, message, size, {"message_id": "'<filled-' || n || '@filled.test>'"})
    multiply(
        cr,
        email,
        size,
        {
            "email_normalized": address,
            "message_ref": "'<received-' || n || '@filled.test>'",
            "conversation_ref": "'<received-' || n || '@filled.test>'",
            "content_hash": "md5(n::text) || md5('x' || n)",
            "date": "'2026-10-01'::timestamp - n * interval '20 seconds'",
        },
    )
    cr.commit()
    cr.execute("ANALYZE res_partner; ANALYZE crm_lead; ANALYZE mail_message")
    cr.execute("ANALYZE lead_communication")
    cr.commit()
    env.invalidate_all()


def multiply(cr, source, size, values):
    """Copy the row of ``source`` until its table has ``size`` rows, with the SQL ``values``."""
    table = source._table
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = %s AND column_name <> 'id'",
        [table],
    )
    columns = [name for (name,) in cr.fetchall()]
    taken = ", ".join(values.get(name, f'source."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(f"SELECT count(*) FROM {table}")
    (count,) = cr.fetchone()
    cr.execute(
        f"""
        INSERT INTO {table} (id, {names})
        SELECT new_id, {taken} FROM {table} source,
            (SELECT nextval('{table}_id_seq') AS new_id, n
             FROM generate_series(%s, %s) n) numbers
        WHERE source.id = %s
        """,
        [count + 1, size, source.id],
    )
