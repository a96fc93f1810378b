"""Who is outside, and under which number: by what is known of the telephone system."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications import telephony
from lead_communications.telephony import asterisk_parties
from lead_communications.telephony.asterisk_ami import CONTENT_TYPE as AMI
from lead_communications.telephony.call_event import CallEvent, merge_all
from lead_communications.telephony.site import Site
from lead_communications.tools.phone import normalize

SAMPLES = Path(telephony.__file__).parents[1] / "tests" / "call" / "samples" / "files"
SITE = Site(
    tz="Europe/Warsaw",
    country_code="PL",
    extensions={"101", "102", "205", "206"},
    numbers={"+48221234100"},
    outside_digits=("0", "9"),
)


def calls(name, kind="text/csv", site=SITE):
    raw = (SAMPLES / name).read_bytes()
    return list(merge_all(telephony.parse("asterisk", raw, kind, site).events).values())


def direction(site=SITE, **row):
    return asterisk_parties.direction({"dst": "221234100", **row}, site)


# ---- CASES ----


@pytest.mark.parametrize("trunks", [frozenset(), frozenset({"123456", "4821"})])
def test_directions_of_a_cdr_file(trunks):
    found = [
        (event.direction, normalize(event.number, "PL") or event.number, event.extension)
        for event in calls("cdr_directions.csv", site=replace(SITE, trunks=trunks))
    ]
    assert found == [
        ("incoming", "+48600100001", "101"),
        ("incoming", "+48600100002", ""),
        ("outgoing", "+48600100004", "101"),
        ("outgoing", "+48600100005", "101"),
        ("outgoing", "19191", "101"),
        ("outgoing", "+48600100007", "101"),
        ("outgoing", "+48600100008", "101"),
        ("incoming", "+48600100009", "101"),
        ("incoming", "+48600100010", "101"),
        ("incoming", "+33612345678", "101"),
        ("incoming", "", "101"),
    ]


def test_line_is_the_number_that_was_called():
    lines = [event.line_number for event in calls("cdr_directions.csv")]
    assert lines == [*["221234100"] * 2, *[""] * 6, *["221234100"] * 3]


def test_withheld_caller_has_no_name():
    assert calls("cdr_directions.csv")[-1].contact_name == ""


@pytest.mark.parametrize("trunks", [frozenset(), frozenset({"123456"})])
def test_ami_of_a_trunk_that_is_named_by_a_number(trunks):
    (event,) = calls("ami_numeric_trunk.jsonl", AMI, replace(SITE, trunks=trunks))
    assert (event.direction, event.number, event.line_number, event.extension) == (
        "incoming",
        "600600061",
        "221234100",
        "101",
    )


# ---- DIRECTION ----

TRUNK = replace(SITE, trunks={"4821", "carrier"})


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # A short number that gives up in the queue, by trunks of any name
        ({"src": "19191", "channel": "PJSIP/carrier-0000000a", "dst": "600"}, "incoming"),
        ({"src": "19191", "channel": "SIP/4821-0000000a", "dst": "600"}, "incoming"),
        ({"src": "19191", "channel": "SIP/4821-0000000a", "dst": "s"}, "incoming"),
        # The account of the trunk in place of a number
        ({"src": "4821", "channel": "SIP/4821-0000000a"}, "incoming"),
        ({"src": "", "channel": "SIP/4821-0000000a", "dst": "101"}, "incoming"),
        # The other end is a trunk
        (
            {
                **{"src": "101", "channel": "PJSIP/101-0000000a", "dst": "5555"},
                **{"dstchannel": "SIP/4821-0000000b", "lastdata": "SIP/4821/5555"},
            },
            "outgoing",
        ),
        (
            {
                **{"src": "101", "channel": "PJSIP/101-0000000a", "dst": "112"},
                **{"dstchannel": "PJSIP/carrier-0000000b", "lastdata": "PJSIP/112@carrier"},
            },
            "outgoing",
        ),
        # A telephone that shows the number of the company
        (
            {
                **{"src": "221234100", "channel": "PJSIP/101-0000000a", "dst": "600100001"},
                **{"dstchannel": "PJSIP/carrier-0000000b"},
            },
            "outgoing",
        ),
        (
            {"src": "101", "channel": "PJSIP/101-1", "dst": "102", "dstchannel": "PJSIP/102-1"},
            "internal",
        ),
        (
            {"src": "101", "channel": "PJSIP/101-1", "dst": "*97", "lastapp": "VoiceMailMain"},
            "internal",
        ),
        ({"src": "101", "channel": "PJSIP/101-1"}, "internal"),
    ],
)
@pytest.mark.parametrize("site", [SITE, TRUNK])
def test_direction_follows_from_what_is_known(row, expected, site):
    assert direction(site, **row) == expected


def test_what_is_unsure_is_never_internal():
    assert direction(Site(), src="4821", channel="SIP/anna-0000000a", dst="600") == "incoming"
    assert direction(SITE, src="19191", channel="SIP/4821-0000000a", dst="102") == "incoming"


@pytest.mark.parametrize(
    "row",
    [
        {"srctrunk": "trunk_1", "src": "101", "channel": "PJSIP/101-1"},
        {"did": "221234100", "src": "19191", "channel": "PJSIP/4821-1"},
        {"dcontext": "from-trunk", "src": "4821", "channel": "PJSIP/4821-1", "dst": "600"},
    ],
)
def test_what_the_system_says_counts_before_names(row):
    assert direction(SITE, **row) == "incoming"


def test_leg_that_goes_on_by_a_trunk_is_nobodys_telephone():
    row = (
        '"","600100001","221234100","in","","PJSIP/carrier-0000000a","PJSIP/4821-0000000b","Dial",'
        '"PJSIP/4821,30","2026-11-25 10:51:40","","2026-11-25 10:52:15","35","0","NO ANSWER","",'
        '"1795600300.1",""'
    )
    (event,) = telephony.parse("asterisk", row.encode(), "text/csv", TRUNK).events
    assert (event.direction, event.extension) == ("incoming", "")


# ---- NUMBER ----


@pytest.mark.parametrize(
    ("number", "country", "found"),
    [
        ("#31#600100004", "PL", "600100004"),
        ("*31#600100004", "PL", "600100004"),
        ("*31*600100004#", "PL", "600100004"),
        ("#31#+48 600 100 004", "PL", "+48 600 100 004"),
        ("*67600100005", "PL", "600100005"),
        ("*674155552671", "US", "4155552671"),
        ("*8214155552671", "US", "14155552671"),
        ("1831 0412345678", "AU", "0412345678"),
        ("14102083661177", "GB", "02083661177"),
        ("067912345678", "ES", "912345678"),
        ("3651 0612345678", "FR", "0612345678"),
        ("*97", "PL", "*97"),
        ("#31#", "PL", "#31#"),
        ("19191", "PL", "19191"),
        ("112", "PL", "112"),
    ],
)
def test_number_behind_a_code(number, country, found):
    site = Site(country_code=country)
    assert site.counterpart(number, "outgoing") == found
    assert site.counterpart(number, "incoming") == found


@pytest.mark.parametrize(
    ("number", "country", "digits", "dialled", "called"),
    [
        ("0600100007", "PL", "0", "600100007", "600100007"),
        ("9600100007", "PL", "9", "600100007", "600100007"),
        ("00033612345678", "PL", "0", "0033612345678", "0033612345678"),
        ("0#31#600100007", "PL", "0", "600100007", "600100007"),
        ("#31#0600100007", "PL", "0", "600100007", "600100007"),
        # What needs no digit, or has lost it already, stays whole.
        ("600100007", "PL", "09", "600100007", "600100007"),
        ("9165550123", "US", "9", "9165550123", "9165550123"),
        ("914155552671", "US", "9", "14155552671", "914155552671"),
        ("+48600100007", "PL", "0", "+48600100007", "+48600100007"),
        ("112", "PL", "1", "112", "112"),
        ("00301234567", "DE", "0", "0301234567", "0301234567"),
        ("0600100007", "PL", "", "0600100007", "0600100007"),
    ],
)
def test_digit_for_an_outside_line(number, country, digits, dialled, called):
    site = Site(country_code=country, outside_digits=tuple(digits))
    assert site.counterpart(number, "outgoing") == dialled
    assert site.counterpart(number, "incoming") == called


@pytest.mark.parametrize(
    "number",
    [
        *("221234100", "+48 22 123 41 00", "0221234100", "#31#221234100", "101", " 101 "),
        *("sip:101@pbx.example.com", '"Anna" <101>', "sip:+48221234100@10.0.0.1:5060", "101@pbx"),
        *("90048221234100", "*67221234100", "(22) 123-41-00", "tel:+48-22-123-41-00"),
    ],
)
def test_number_of_ours_is_never_the_counterpart(number):
    assert SITE.counterpart(number, "incoming") == ""
    assert SITE.counterpart(number, "outgoing") == ""


@pytest.mark.parametrize(
    "text",
    [
        *("anonymous", "Anonymous", "PRIVATE", "Unavailable", "Restricted", "private number"),
        *("sip:anonymous@anonymous.invalid", "Caller ID withheld", "No Caller ID", "266696687"),
        *("+7378742833", "Unbekannt", "Rufnummer unterdrückt", "Numéro masqué", "Inconnu"),
        *("Número oculto", "Anonimo", "Numero privato", "Desconhecido", "Zastrzeżony"),
        *("NIEZNANY", "Onbekend", "Hemligt nummer", "Okänd", "Skjult nummer", "Neznámé číslo"),
        *(
            "Rejtett szám",
            "Gizli Numara",
            "Скрытый номер",
            "Невідомий",
            "Απόκρυψη",
            "匿名",
            "非通知",
        ),
        # Words of carriers, of more languages and of more ways to say it
        *("Unlisted", "Out of Area", "OUT-OF-AREA", "P", "O", "Payphone", "NO CALLER-ID", "CLIR"),
        *("Withheld by caller", "Presentation restricted", "Not disclosed", "null", "None"),
        *("Anonymer Anruf", "Unterdrückte Nummer", "Rufnummer nicht übermittelt", "Kein Name"),
        *("Numéro non communiqué", "Sin identificar", "Número não identificado", "Privénummer"),
        *("Brak identyfikacji", "Połączenie anonimowe", "Číslo nedostupné", "Skriveni broj"),
        *("Okänt nummer", "Dolt nummer", "Tundmatu number", "Slēpts numurs", "Slaptas numeris"),
        *("Закрытый номер", "Номер приховано", "Άγνωστος αριθμός", "非通知設定", "未知号码"),
        *("발신번호 표시제한", "מספר לא ידוע", "Không xác định", "Nomor pribadi", "หมายเลขส่วนตัว"),
        # What is no number in a language that nobody has thought of
        *("Numru mistur", "ቁጥር አይታይም", "0000000000", "000", "-", "?", "*"),
        # With the digit for an outside line before it
        "0266696687",
    ],
)
def test_withheld_number_is_none(text):
    assert SITE.counterpart(text, "incoming") == ""


@pytest.mark.parametrize(
    "number", ["101", "sip:102@pbx.example.com", "022 123 41 00", "#31#221234100"]
)
def test_call_to_one_of_us_is_internal(number):
    """By any system, also if it says that it went out; who calls in from our number is not."""
    for way, found in (("outgoing", "internal"), ("incoming", "incoming")):
        told = CallEvent(external_id="1", direction=way, number=number, result="missed")
        for event in (told, replace(told, is_exact=False)):
            cleaned = SITE.clean(event)
            assert (cleaned.direction, cleaned.number, cleaned.result) == (found, "", "missed")
            assert SITE.clean(cleaned) == cleaned


@pytest.mark.parametrize("number", ["sip:anna@example.com", "anna", "1-800-FLOWERS", "19191", "10"])
def test_what_can_be_called_is_a_number(number):
    assert SITE.counterpart(number, "incoming") == number


@pytest.mark.parametrize(
    "name", ["266696687", "+7378742833", "P", "--", "Zastrzeżony", "Dolt nummer"]
)
def test_what_names_nobody_is_no_name(name):
    (event,) = calls("cdr_directions.csv")[:1]
    assert SITE.clean(replace(event, contact_name=name)).contact_name == ""


@pytest.mark.parametrize(
    "name", ["Anna Secret", "Private Bank", "Numero Uno", "Jan", "Caller", "Id", "Wu", "李", "Null"]
)
def test_name_that_only_contains_such_a_word_is_one(name):
    (event,) = calls("cdr_directions.csv")[:1]
    assert SITE.clean(replace(event, contact_name=name)).contact_name == name


@given(st.text(max_size=30), st.sampled_from(["incoming", "outgoing", "internal"]))
def test_cleaning_twice_changes_nothing(number, way):
    site = replace(SITE, outside_digits=())
    once = site.counterpart(number, way)
    assert site.counterpart(once, way) == once


# ---- TRANSFERS ----

TRANSFERRED = [
    # Anna calls a customer and passes them on to a colleague: the second leg runs the other way.
    '"","101","600100004","from-internal","PJSIP/101-0000000a","PJSIP/carrier-0000000b","Dial",'
    '"PJSIP/600100004@carrier","2026-11-25 10:00:00","2026-11-25 10:00:05","2026-11-25 10:01:00",'
    '"60","55","ANSWERED","3","","1795600000.1","1795600000.1","1","","16"',
    '"","{src}","102","from-internal-xfer","PJSIP/carrier-0000000b","PJSIP/102-0000000c",'
    '"Dial","PJSIP/102","2026-11-25 10:01:00","2026-11-25 10:01:05","2026-11-25 10:02:00",'
    '"60","55","ANSWERED","3","","1795600000.2","1795600000.1","2","","16"',
]


@pytest.mark.parametrize("shown", ["600100004", "221234100", "101", "", "anonymous", "600999999"])
@pytest.mark.parametrize("turn", [1, -1])
def test_outgoing_call_that_is_transferred_stays_outgoing(shown, turn):
    rows = "\n".join([row.format(src=shown) for row in TRANSFERRED][::turn])
    parsed = telephony.parse("asterisk", rows.encode(), "text/csv", SITE)
    (event,) = merge_all(parsed.events).values()
    assert (event.direction, event.number, event.line_number) == ("outgoing", "600100004", "")


@pytest.mark.parametrize("turn", [1, -1])
def test_incoming_call_that_is_forwarded_stays_incoming(turn):
    rows = [
        '"","600100001","221234100","from-trunk","PJSIP/carrier-0000000a","PJSIP/101-0000000b",'
        '"Dial","PJSIP/101","2026-11-25 10:00:00","","2026-11-25 10:01:00","60","0","NO ANSWER",'
        '"3","","1795600000.1","1795600000.1","1","","16"',
        '"","101","601999999","from-internal","Local/601999999@x-0000000b;2",'
        '"PJSIP/carrier-0000000c","Dial","PJSIP/601999999@carrier","2026-11-25 10:01:00",'
        '"2026-11-25 10:01:05","2026-11-25 10:02:00","60","55","ANSWERED","3","","1795600000.2",'
        '"1795600000.1","2","","16"',
    ]
    parsed = telephony.parse("asterisk", "\n".join(rows[::turn]).encode(), "text/csv", SITE)
    (event,) = merge_all(parsed.events).values()
    assert (event.direction, event.number) == ("incoming", "600100001")
