"""Files of call records as other systems and spreadsheets write them."""

from datetime import datetime
from pathlib import Path

import pytest

from lead_communications import telephony
from lead_communications.telephony import asterisk
from lead_communications.telephony.call_event import merge_all
from lead_communications.telephony.cdr_columns import MissingColumns
from lead_communications.telephony.payload import PayloadError, cause_of
from lead_communications.telephony.site import Site

SAMPLES = Path(telephony.__file__).parents[1] / "tests" / "call" / "samples" / "files"
POLAND = Site(tz="Europe/Warsaw", country_code="PL")
HEADINGS = (
    "calldate;clid;src;dst;dcontext;channel;dstchannel;lastapp;duration;billsec;disposition;"
    "uniqueid"
)
ROW = (
    '2026-11-20 10:00:00;"";600700001;222004000;from-trunk;PJSIP/carrier-00000001;'
    "PJSIP/101-00000002;Dial;35;30;ANSWERED;1795600001.1"
)


def read(name, site=POLAND):
    return asterisk.parse((SAMPLES / f"{name}.csv").read_bytes(), "text/csv", site=site)


def parse(text, site=POLAND):
    raw = text if isinstance(text, bytes) else text.encode()
    return asterisk.parse(raw, "text/csv", site=site)


def only(parsed):
    assert [row.reason for row in parsed.broken] == []
    (event,) = merge_all(parsed.events).values()
    return event


# ---- WHAT SPREADSHEETS MAKE OF A FILE ----


@pytest.mark.parametrize("name", ["sep_line", "sep_comma_quoted"])
def test_line_that_names_the_separator_is_none_of_the_file(name):
    event = only(read(name))
    assert (event.result, event.talk_seconds, event.extension) == ("answered", 30, "101")


@pytest.mark.parametrize(
    "line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;;", "\ufeffsep=;", "sep=,", "sep=\t", "sep=|"]
)
def test_separator_counts_only_if_it_separates(line):
    parsed = parse(f"{line}\n{HEADINGS}\n{ROW}\n")
    assert only(parsed).number == "600700001"
    # What is broken can be read again with it.
    assert parsed.header.endswith(HEADINGS)


def test_separator_alone_is_an_empty_file():
    with pytest.raises(PayloadError) as caught:
        parse("sep=;\r\n")
    assert caught.value.code == "empty"


def test_separator_above_rows_without_headings():
    row = '"","600100001","221234100","in","","SIP/a","SIP/101","Dial","SIP/101,30",'
    row += '"2026-11-25 10:51:40","","2026-11-25 10:52:15","35","30","ANSWERED","","1795600300.1"'
    assert only(parse("sep=,\n" + row)).number == "600100001"


def test_row_that_is_one_cell_is_taken_apart():
    headings = "calldate,clid,src,dst,lastdata,duration,billsec,disposition,uniqueid"
    row = '2026-11-20 10:00:00,"""Kowalski, Jan"" <600>",600700001,2220,"Dial,30",9,3,BUSY,17956.1'
    quoted = ['"' + line.replace('"', '""') + '"' for line in (headings, row)]
    assert only(parse("\n".join(quoted))).contact_name == "Kowalski, Jan"


def test_commas_that_were_not_quoted_stay_in_the_dialled_number():
    event = only(
        parse(
            "AcctId,src,dst,clid,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,"
            "billsec,disposition,uniqueid\n"
            '62,600700001,5301,"pn01" <600700001>,SIP/trunk_1-00000000,SIP/5301-00000001,Dial,'
            "SIP/5301,60,,2026-12-03 11:46:40,2026-12-03 11:46:43,2026-12-03 11:46:49,9,6,"
            "ANSWERED,1386092800.0"
        )
    )
    assert (event.result, event.talk_seconds, event.extension) == ("answered", 6, "5301")


def test_more_columns_than_headings_are_refused_where_no_comma_explains_them():
    (row,) = parse(f"{HEADINGS}\n{ROW};x\n").broken
    assert cause_of(row.code) == "columns"


def test_rounded_numbers_and_ids_are_refused_with_the_reason():
    parsed = read("excel_scientific")
    assert [event.external_id for event in parsed.events] == ["1795600007"]
    assert [row.number for row in parsed.broken] == [2, 4, 5]
    assert "src is 4.86007E+10: a spreadsheet has rounded it" in parsed.broken[0].reason
    assert "linkedid is 1.7956E+09" in parsed.broken[1].reason
    assert cause_of(parsed.broken[0].code) == "rounded"


@pytest.mark.parametrize("text", ["4,86E+10", "4.86007e+10", "5E+10", "1.79E+09", "4.86E10"])
@pytest.mark.parametrize("column", ["src", "dst", "uniqueid"])
def test_every_spelling_of_a_rounded_number_is_refused(text, column):
    row = dict(zip(HEADINGS.split(";"), ROW.split(";"), strict=True)) | {column: text}
    (broken,) = parse(HEADINGS + "\n" + ";".join(row.values())).broken
    assert f"{column} is {text}" in broken.reason


def test_ids_of_whole_seconds_join_no_calls_of_different_parties():
    other = ROW.replace("600700001", "600700002")
    rows = [row.replace("1795600001.1", "1795600001") for row in (ROW, other)]
    parsed = parse("\n".join([HEADINGS, *rows]))
    assert parsed.events == []
    assert ["rounded" in row.reason for row in parsed.broken] == [True, True]
    # Two legs of one caller are one call, also when only a whole number is left of its id.
    assert only(parse("\n".join([HEADINGS, rows[0], rows[0]]))).number == "600700001"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("20.11.2026 10:00", "PL"),
        ("20/11/2026 10:00:00", "GB"),
        ("20-11-2026 10:00", "NL"),
        ("11/20/2026 10:00 AM", "US"),
        ("2026.11.20 10:00:00", "HU"),
        ("2026. 11. 20. 10:00:00", "HU"),
        ("20 Nov 2026 10:00:00", "GB"),
        ("Nov 20, 2026 10:00 AM", "US"),
        ("1795165200", "PL"),
    ],
)
def test_date_as_a_spreadsheet_writes_it(text, country):
    row = ROW.replace("2026-11-20 10:00:00", text).replace("1795600001.1", "pbx-1")
    event = only(parse(f"{HEADINGS}\n{row}", Site(tz="UTC", country_code=country)))
    # As an epoch it is 09:00 UTC.
    assert event.start.replace(hour=10) == datetime(2026, 11, 20, 10, 0)


@pytest.mark.parametrize(("country", "month"), [("US", 4), ("PL", 5), ("", 5)])
def test_order_of_day_and_month_is_that_of_the_country_unless_the_id_knows(country, month):
    row = ROW.replace("2026-11-20 10:00:00", "04/05/2026 10:00:00")
    site = Site(tz="UTC", country_code=country)
    unknown = only(parse(f"{HEADINGS}\n" + row.replace("1795600001.1", "pbx-1"), site))
    assert unknown.start.month == month
    known = only(parse(f"{HEADINGS}\n" + row.replace("1795600001.1", "1777888800.1"), site))
    assert known.start == datetime(2026, 5, 4, 10, 0)


# ---- CHARSETS ----


def test_old_charset_is_that_of_the_country():
    assert only(read("cp1250")).contact_name == "Żaneta Święch"


@pytest.mark.parametrize(
    ("name", "charset", "country"),
    [
        ("Łukasz", "cp1250", "PL"),
        ("Zając", "iso8859-2", "PL"),
        ("Jiří Novák", "cp1250", "CZ"),
        ("Иванов", "cp1251", "BG"),
        ("Γιώργος", "cp1253", "GR"),
        ("Öztürk Şahin", "cp1254", "TR"),
        ("Kačinskas", "cp1257", "LT"),
        ("Müller", "cp1252", "DE"),
        ("José", "cp1252", ""),
        ("王伟", "gb18030", "CN"),
    ],
)
def test_name_in_the_charset_of_windows(name, charset, country):
    row = ROW.replace('""', f"{name} <600700001>").encode(charset)
    raw = HEADINGS.encode() + b"\n" + row
    assert only(parse(raw, Site(country_code=country))).contact_name == name


def test_unicode_beside_an_old_charset():
    rows = [
        ROW.replace('""', f"{name} <600700001>").replace("1.1", f"1.{number}")
        for number, name in enumerate(("Łukasz", "Żaneta Święch"))
    ]
    raw = b"\n".join([HEADINGS.encode(), rows[0].encode(), rows[1].encode("cp1250")])
    assert [event.contact_name for event in parse(raw).events] == ["Łukasz", "Żaneta Święch"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_in_each_of_its_forms(charset):
    text = f"{HEADINGS}\r\n" + ROW.replace('""', "Żaneta <600700001>")
    assert only(parse(text.encode(charset))).contact_name == "Żaneta"


# ---- HEADINGS ----


def test_issabel():
    event = only(read("issabel"))
    assert (event.direction, event.number, event.line_number) == (
        "incoming",
        "600700018",
        "222004000",
    )
    assert (event.contact_name, event.extension, event.talk_seconds) == ("Firma", "101", 35)


@pytest.mark.parametrize(
    "headings",
    [
        # Its translations as they are, half in English
        '"Data","Źródło","Ring Group","Cel","Kanał źródłowy","Account Code","Kanał docelowy",'
        '"Status","Czas trwania","UniqueID","Recording","Cnum","Cnam","Outbound Cnum","DID","x"',
        '"Fecha","Fuente","Grupo de Timbrado","Destino","Canal origen","Código de Cuenta",'
        '"Canal destino","Estado","Duración","UniqueID","Recording","Cnum","Cnam","Outbound Cnum",'
        '"DID","User Field"',
        '"Data","Origem","Grupo de Chamada","Destino","Canal de Origem","Protocolo",'
        '"Canal de Destino","Estado","Duração","UniqueID","Recording","Cnum","Cnam","x","DID","y"',
        '"Date","Source","Ring Group","Destination","Canal src.","Centre de coûts",'
        '"Canal dst.","Statut","Durée","UniqueID","Recording","Cnum","Cnam","Outbound","DID","x"',
    ],
)
def test_issabel_in_other_languages(headings):
    _headings, row = (SAMPLES / "issabel.csv").read_text().splitlines()
    row = row.replace("35s", "95s (1m 35s)")
    event = only(parse(f"{headings}\n{row}"))
    assert (event.number, event.line_number, event.extension) == ("600700018", "222004000", "101")
    assert (event.result, event.talk_seconds) == ("answered", 95)


def test_grandstream_reports_one_call_in_several_rows():
    event = only(read("grandstream"))
    assert (event.external_id, event.direction) == ("1795600016.16", "incoming")
    assert (event.number, event.contact_name, event.line_number) == (
        "600700016",
        "Firma",
        "222004000",
    )
    assert (event.extension, event.result, event.talk_seconds) == ("101", "answered", 48)


def test_grandstream_download_has_other_headings():
    event = only(
        parse(
            "Account Code,Caller Number,Caller NAT,Callee Number,Callee NAT,Context,Caller ID,"
            "Source Channel,Dest. Channel,Last app.,Last data,Start Time,Answer Time,End Time,"
            "Call Time,Talk Time,Call Status,AMA Flags,Unique ID,Call Type,Dest Channel Extension,"
            "Caller Name,Answered by,Session,Premier Caller,Action Type,Source Trunk Name,"
            "Destination Trunk Name\n"
            ",600700016,,101,,from-did,600700016,PJSIP/trunk_1-0000001a,PJSIP/101-0000001b,Dial,"
            "PJSIP/101,2026-11-20 10:15:05,2026-11-20 10:15:12,2026-11-20 10:16:00,55,48,ANSWERED,"
            "DOCUMENTATION,1795600016.17,Inbound,101,Firma,101,1795600016.16,,DIAL,trunk_1,"
        )
    )
    assert (event.external_id, event.number, event.extension) == (
        "1795600016.16",
        "600700016",
        "101",
    )
    assert (event.talk_seconds, event.contact_name) == (48, "Firma")


def test_mikopbx():
    event = only(
        parse(
            "id;start;endtime;answer;src_chan;src_num;dst_chan;dst_num;UNIQUEID;linkedid;did;"
            "disposition;recordingfile;from_account;to_account;dialstatus;appname;transfer;is_app;"
            "duration;billsec\n"
            "7;2026-11-20 10:15:05.123;2026-11-20 10:16:00.002;2026-11-20 10:15:12.5;"
            "PJSIP/SIP-TRUNK-1-0000001a;600700016;PJSIP/201-0000001b;201;mikopbx-1795600016.16_a;"
            "mikopbx-1795600016.16;222004000;ANSWERED;/r/a.mp3;SIP-TRUNK-1;;ANSWER;;0;;55;48"
        )
    )
    assert (event.external_id, event.number, event.line_number) == (
        "mikopbx-1795600016.16",
        "600700016",
        "222004000",
    )
    assert (event.extension, event.talk_seconds, event.recording) == ("201", 48, "/r/a.mp3")


def test_vitalpbx_has_the_parties_twice():
    event = only(
        parse(
            "cdr_id,calldate,clid,source,src,dst,destination,dcontext,channel,dstchannel,lastapp,"
            "lastdata,duration,billsec,disposition,amaflags,uniqueid,linkedid,sequence,calltype\n"
            '1,2026-11-20 10:15:05,"""Firma"" <600700016>",Firma,600700016,222004000,Sales,'
            "trk-1-in,PJSIP/trk-1-0000001a,PJSIP/101-0000001b,Dial,PJSIP/101,55,48,ANSWERED,3,"
            "1795600016.17,1795600016.16,1,2"
        )
    )
    assert (event.number, event.line_number, event.contact_name) == (
        "600700016",
        "222004000",
        "Firma",
    )


def test_titles_may_stand_above_the_headings():
    assert only(parse(f"CDR Report\nAll calls;;;\n\n{HEADINGS}\n{ROW}")).number == "600700001"


def test_what_is_missing_is_said_in_the_words_of_the_file():
    with pytest.raises(MissingColumns) as caught:
        parse("Date,Source,Destination,Duration\n2026-11-20 10:17:00,600700018,101,35s")
    assert caught.value.code == "headings"
    assert caught.value.missing == ["disposition", "uniqueid"]
    assert caught.value.found == ["Date", "Source", "Destination", "Duration"]
    assert "disposition, uniqueid" in str(caught.value)


def test_reason_names_the_column_of_the_file():
    headings, row = (SAMPLES / "issabel.csv").read_text().splitlines()
    (broken,) = parse(f"{headings}\n" + row.replace("35s", "soon")).broken
    assert broken.reason.startswith("Duration: duration is no number")
    (broken,) = parse(f"{headings}\n" + row.replace("2026-11-20 10:17:00", "today")).broken
    assert broken.reason == "Date: 'today' is no date and time."
    (broken,) = parse(f"{headings}\n" + row.replace("1795600018.18", "1.8E+09")).broken
    assert broken.reason.startswith("UniqueID is 1.8E+09: ")


# ---- CLOCK CHANGES ----


def test_ends_in_the_repeated_hour_are_what_the_durations_say():
    times = [(event.start, event.end) for event in read("dst").events]
    assert times == [
        (datetime(2026, 10, 25, 0, 50), datetime(2026, 10, 25, 2, 20)),
        (datetime(2026, 10, 25, 0, 10), datetime(2026, 10, 25, 1, 15)),
        (datetime(2026, 10, 25, 0, 10), datetime(2026, 10, 25, 0, 15)),
        (datetime(2026, 10, 25, 0, 55), datetime(2026, 10, 25, 1, 5)),
        (datetime(2026, 3, 29, 1, 30), datetime(2026, 3, 29, 1, 40)),
    ]


def test_start_in_the_repeated_hour_follows_from_the_end():
    text = "calldate,end,src,dst,duration,billsec,disposition,uniqueid\n"
    text += "2026-10-25 02:50:00,2026-10-25 03:20:00,600800001,222006000,1800,1790,ANSWERED,pbx-1"
    event = only(parse(text))
    assert event.start == datetime(2026, 10, 25, 1, 50)
    assert event.answer == datetime(2026, 10, 25, 1, 50, 10)
