"""What stands for the number or the name of somebody who shows none, in many languages."""

import re
import unicodedata

from .phone import local_part

#: Nobody's name, alone or with a word for the caller or the number.
_WORDS = """
anonymous anonymus anon restricted private withheld unavailable unknown unidentified blocked hidden
suppressed secret undisclosed unlisted nonumber clir payphone coinline
anonym anonyme anonymer anonymen unbekannt unbekannte unbekannter unterdrückt unterdrueckt privat
geheim verborgen unterdrückte unterdrückter anonyme
inconnu inconnue masqué masquée privé privée caché confidentiel indisponible masqués
anónimo anónima desconocido desconocida privado privada oculto oculta restringido confidencial
anonimo anonima sconosciuto sconosciuta privato privata riservato nascosto
anônimo anônima desconhecido desconhecida bloqueado restrito indisponível
anonim anonimowy anonimowe nieznany nieznana nieznane zastrzeżony zastrzeżona zastrzeżone prywatny
ukryty niedostępny
anoniem anonieme onbekend onbekende afgeschermd privénummer
okänd okänt dold dolt skyddat hemligt ukendt skjult hemmeligt ukjent hemmelig tuntematon salainen
yksityinen tundmatu varjatud privaatne nezināms slēpts nežinomas slaptas paslėptas
anonymní neznámý neznámé neznámo skryté skrytý soukromý soukromé utajeno neznámy utajené súkromný
ismeretlen rejtett titkos necunoscut ascuns nepoznat nepoznato skriven skriveni skriveno privatni
privatno neznana neznan zasebna skrita
bilinmeyen gizli özel
анонимный аноним неизвестный неизвестно скрыт скрытый частный засекречен закрытый
анонімний анонім невідомий невідомо прихований приховано приватний анонимен неизвестен скрит частен
ανώνυμος άγνωστος απόκρυψη απόρρητο απόρρητος
匿名 未知 私人 未显示 未顯示 隱藏 隐藏 非通知 非通知設定 番号非通知 表示圏外 公衆電話 通知不可能
未知号码 匿名来电 私人号码 隐藏号码 未知來電 未知來電號碼 發話者不明 발신번호표시제한 알수없음
חסוי مجهول محجوب خاص
"""
#: Words that say nothing more beside them.
_BESIDE = """
caller number num call name id cid callerid phone user nr clip
rufnummer nummer anruf anrufer teilnehmer numéro appelant correspondant appel número teléfono
llamada numero chiamante chiamata chamada numer telefonu dzwoniący abonent rozmówca połączenie
beller samtal opkald anrop
soittaja číslo volající volajúci hívó szám hívószám număr apelant broj številka numara arayan
numurs numeris αριθμού αριθμός
номер абонент вызов звонок абонента 号码 号 電話 来电 번호 מספר رقم
"""
#: They say it together only.
_PHRASES = (
    *("no number", "no caller id", "no caller-id", "no id", "no cid", "no name", "n/a", "n.a"),
    *("not available", "number not available", "no number available", "not disclosed"),
    *("withheld by caller", "number withheld by caller"),
    *("out of area", "out-of-area", "pay phone", "coin phone", "presentation restricted"),
    *("keine rufnummer", "keine nummer", "kein name", "nicht verfügbar", "nicht übermittelt"),
    *("rufnummer nicht übermittelt", "nummer nicht verfügbar", "numéro non communiqué"),
    *("non communiqué", "numéro non disponible", "sin identificar", "sin número"),
    *("número não identificado", "sem identificação", "sem número", "numero non disponibile"),
    *("non disponible", "no disponible", "no identificado", "non disponibile"),
    *("não identificado", "não disponível", "brak numeru", "brak danych", "geen nummer"),
    *("brak id", "brak identyfikacji", "brak nazwy", "geen nummerweergave", "číslo nedostupné"),
    *("niet beschikbaar", "ei numeroa", "bez čísla", "nincs szám", "нет номера"),
    *("발신번호 표시제한", "발신번호 표시 제한", "발신자 정보 없음", "알 수 없음", "번호 없음"),
    *("מספר לא ידוע", "ไม่ทราบหมายเลข", "หมายเลขส่วนตัว", "số riêng tư", "không xác định"),
    *("nomor pribadi", "tidak dikenal", "nomor tidak dikenal"),
    *("номер не определен", "не определен", "asterisk", "<unknown>"),
)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ı", "i"))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return text.replace("ø", "o").replace("å", "a").replace("ß", "ss")


_NOBODY = frozenset(map(_plain, re.findall(r"\S+", _WORDS)))
_NOTHING = frozenset(map(_plain, re.findall(r"\S+", _BESIDE)))
_SAYING = frozenset(map(_plain, _PHRASES))


def is_withheld(text: str) -> bool:
    """Tell whether a text stands for a number or a name that is not shown.

    ``Private Bank`` and ``Anna Secret`` are names: every word has to say it.
    """
    if text.isascii() and text.lstrip("+").isdigit():
        return False
    plain = _plain(local_part(text) if re.search("[@:]", text) else text).strip(" .()[]\"'")
    if plain in _SAYING:
        return True
    words = set(re.findall(r"[^\W_]+", plain))
    return bool(words & _NOBODY) and words <= _NOBODY | _NOTHING
