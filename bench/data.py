"""What is measured with: calls, and a database full of them."""

import itertools
from datetime import datetime, timedelta

_number = itertools.count()
_START = datetime(2026, 11, 2, 8)


def next_call() -> dict:
    """Return the values of a call that nobody reported yet, as a bare model keeps them."""
    number = next(_number)
    start = _START + timedelta(seconds=number)
    return {
        "external_id": f"bench-{number}",
        "direction": "incoming",
        "number": f"22 {1000000 + number % 8000000:07d}",
        "contact_name": f"Caller {number}",
        "line_number": "+48227001101",
        "extension": "101",
        "result": "answered",
        "date": start,
        "answer_date": start + timedelta(seconds=5),
        "date_end": start + timedelta(seconds=65),
        "duration": 60,
        "recording": f"{number}.wav",
    }


def push(call: dict) -> bytes:
    """Return the report of one call, as the dialplan pushes it."""
    start = int((call["date"] - datetime(1970, 1, 1)).total_seconds())
    return (
        (
            f"event=hangup&direction=inbound&linkedid={call['external_id']}&src={call['number']}"
            f"&name={call['contact_name']}&did=%2B48227001101&peer=101&start={start}"
            f"&end={start + 65}&answered=60&dialstatus=ANSWER&cause=16"
            f"&recording={call['recording']}"
        )
        .replace(" ", "%20")
        .encode()
    )


def cdr_row(call: dict) -> str:
    """Return the call as a row of the CDR file."""
    times = (call["date"], call["answer_date"], call["date_end"])
    return ",".join(
        f'"{cell}"'
        for cell in (
            f'""{call["contact_name"]}"" <{call["number"]}>',
            call["number"],
            call["line_number"],
            "from-carrier",
            "PJSIP/carrier-00000000",
            "PJSIP/101-00000001",
            "Dial",
            "PJSIP/101",
            *times,
            "65",
            "60",
            "ANSWERED",
            "DOCUMENTATION",
            "",
            call["external_id"],
            call["external_id"],
            "1",
            call["recording"],
            "16",
        )
    )


def cdr_file(count: int) -> bytes:
    """Return a CDR file of so many calls that nobody reported yet."""
    return "".join(f"{cdr_row(next_call())}\n" for _call in range(count)).encode()


def fill(cr, pbx_id: int, user_ids: list[int], size: int) -> None:
    """Write ``size`` old calls: one of twenty waits, the others are ignored.

    Every second one that waits is nobody's, the others belong to ``user_ids`` in turn.
    """
    cr.execute(
        """
        INSERT INTO lead_communication (
            pbx_id, external_id, company_id, type, state, direction, date, duration, number,
            phone_sanitized, result, user_id, create_uid, create_date, write_uid, write_date
        )
        SELECT %(pbx)s, 'filled-' || %(size)s || '-' || n, pbx.company_id, 'call',
            CASE WHEN n %% 20 = 0 THEN 'ready' ELSE 'ignored' END, 'incoming',
            '2026-10-01'::timestamp - n * interval '20 seconds', 60,
            '+4822' || (1000000 + n %% 8000000), '+4822' || (1000000 + n %% 8000000), 'missed',
            CASE WHEN n %% 40 = 0 THEN NULL
                ELSE (%(users)s)[1 + n / 40 %% array_length(%(users)s, 1)] END,
            1, now(), 1, now()
        FROM generate_series(1, %(size)s) n, lead_pbx pbx WHERE pbx.id = %(pbx)s
        ON CONFLICT DO NOTHING
        """,
        {"pbx": pbx_id, "size": size, "users": user_ids},
    )
    cr.commit()
    cr.execute("ANALYZE lead_communication")
    cr.commit()
