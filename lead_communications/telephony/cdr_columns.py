"""What the columns of call records are called, by the systems that are built on Asterisk.

Sources: the database tables of Asterisk, FreePBX and VitalPBX (``cdr``), MikoPBX
(``CallDetailRecordsBase``), the CDR report of Issabel with its translations
(``modules/cdrreport``), and the downloads and the CDR API of Grandstream's UCM.
"""

import re
import unicodedata

from .payload import PayloadError

#: Asterisk's own names, and those of FreePBX's table.
NAMES = (
    *("accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp"),
    *("lastdata", "start", "answer", "end", "duration", "billsec", "disposition", "amaflags"),
    *("uniqueid", "userfield", "linkedid", "sequence", "peeraccount", "hangupcause"),
    *("did", "recordingfile", "cnum", "cnam", "outbound_cnum", "outbound_cnam", "dst_cnam"),
)
#: Those that the others write, the surer ones first. All are compared without spaces and signs.
_OTHERS = {
    # The leg's own id is no one's but the leg's: what all legs of a call share comes first.
    "linkedid": "session",
    "uniqueid": "call id",
    "src": "src_num, caller number, call from, source, caller",
    "dst": "dst_num, callee number, call to, destination, callee",
    "start": "calldate, call date, start time, date, datetime",
    "answer": "answerdate, answer time",
    "end": "enddate, endtime, hangupdate",
    "disposition": "call status, status",
    "duration": "call time",
    "billsec": "talk time, talktime, billable seconds",
    "channel": "src_chan, source channel, src. channel",
    "dstchannel": "dst_chan, dest. channel, dest channel, destination channel, dst. channel",
    "lastapp": "last app., last application, appname",
    "lastdata": "last data",
    "dcontext": "context, destination context",
    "clid": "callerid, caller id",
    "cnam": "caller_name, caller name",
    "recordingfile": "recordfiles, recording, recording file",
    "answeredby": "dstanswer, answered by",
    "srctrunk": "src_trunk_name, source trunk name, from_account",
    "dsttrunk": "dst_trunk_name, destination trunk name, to_account",
}
#: Issabel's in the languages that it is translated to; what is left there in English is above.
_TRANSLATED = {
    "start": "Fecha, Data, Datum, Dato, Date, Дата, 日期, Ημερομηνία, Dátum, 年月日, 날자, تاریخ,"
    " Tarih",
    "src": "Fuente, Origem, Origen, Источник, Източник, Font, 来源, Kilde, Quelle, Πηγή, Izvorište,"
    " Forrás, Sorgente, 発信元, 자원, Źródło, Sursa, От кого, Od kod, Izvor, Källa, تماس گيرنده,"
    " Kaynak",
    "dst": "Destino, Направление, Destí, 目的地, Bestimmungsort, Προορισμός, Odredište, Cél,"
    " Destinazione, 着信先, 목적지, Cel, Destinatie, Кому, Kam, Odrediste, مقصد, Hedef",
    "channel": "Canal origen, Canal de Origem, Canal Origem, От Линия, 来源频道, Kildekanal,"
    " Ursprungskanal, Κανάλι Πηγής, كانال ورودي, Canal src., Izvorišni kanal, Forrás csatorna,"
    " Canale Src., 発信元チャネル, 소스 채널, Kanał źródłowy, Canal Sursa, Канал источник,"
    " Iz katerega kanala, izvorni kanl., Käll. Kanal, Kaynak Kanal",
    "dstchannel": "Canal destino, Canal de Destino, Canal destí, Към Линия, 目的频道,"
    " Destinationskanal, Zielkanal, Κανάλι Προορισμού, کانال مقصد, Canal dst., Odredišni kanal,"
    " Cél csatorna, Canale Dst., 着信先チャネル, 목적지 채널, Kanał docelowy, Canal Destinatie,"
    " Канал приемник, V kateri kanal, odred. kanl., Dest. Kanal, Hedef Kanal",
    "disposition": "Estado, Състояние, Estat, Statut, Állapot, 状態, Stare, Статус, وضعیت, Durum",
    "duration": "Duración, Duração, Duració, Продължителност, 有效期限, Tid, Dauer, Διάρκεια,"
    " مدت تماس, Durée, Trajanje, Időtartam, Durata, Dutata, 通話時間, 기간, Czas trwania,"
    " Длительность, Längd, Süre",
}
#: Without these a row tells nothing.
_NEEDED = (("start",), ("clid", "src"), ("dst",), ("disposition",), ("linkedid", "uniqueid"))
#: So many columns that are known make a row the headings of a file.
_LEAST_KNOWN = 3


class MissingColumns(PayloadError):
    """The headings lack what no call record can do without."""

    #: By Asterisk's names, and the headings that there are.
    missing: list[str]
    found: list[str]

    def __init__(self, missing: list[str], found: list[str]):
        self.missing, self.found = missing, found
        super().__init__(
            "headings",
            f"No column is called {', '.join(missing)}; there are: {', '.join(found)}.",
        )


def _key(heading: str) -> str:
    """Return what a heading is compared by: its letters and digits, without accents."""
    text = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(char for char in text if char.isalnum())


def _by_key(names: dict[str, str]) -> dict[str, str]:
    return {_key(other): name for name, others in names.items() for other in others.split(",")}


_KNOWN = (
    {_key(name): name for name in NAMES},
    _by_key(_OTHERS),
    _by_key(_TRANSLATED),
)


def columns_of(cells: list[str]) -> list[str] | None:
    """Return the names of the columns if ``cells`` are the headings of a file; None if they are
    not.

    A column that we do not know keeps its own name.

    :raise MissingColumns: they are headings, and not those of call records.
    """
    columns = [""] * len(cells)
    keys = [_key(cell) for cell in cells]
    for known in _KNOWN:
        for position, key in enumerate(keys):
            name = known.get(key)
            if name and not columns[position] and name not in columns:
                columns[position] = name
    if sum(map(bool, columns)) < _LEAST_KNOWN or any(re.search(r"\d{4}", cell) for cell in cells):
        return None
    missing = [names for names in _NEEDED if not set(names) & set(columns)]
    if missing:
        raise MissingColumns([names[-1] for names in missing], [cell.strip() for cell in cells])
    return [name or cell.strip().lower() for name, cell in zip(columns, cells, strict=True)]
