"""What stands for the number or the name of somebody who shows none, in many languages."""

import re
import unicodedata

from .phone import local_part

#: Nobody's name, alone or with a word for the caller or the number.
_WORDS = """
anonymous anonymus anon restricted private withheld unavailable unknown unidentified blocked hidden
suppressed secret undisclosed
anonym anonyme anonymer anonymen unbekannt unbekannte unbekannter unterdrückt unterdrueckt privat
geheim verborgen
inconnu inconnue masqué masquée privé privée caché confidentiel indisponible
anónimo anónima desconocido desconocida privado privada oculto oculta restringido confidencial
anonimo sconosciuto privato riservato nascosto
anônimo desconhecido desconhecida bloqueado indisponível
anonim anonimowy nieznany nieznana zastrzeżony zastrzeżona prywatny ukryty niedostępny
anoniem onbekend onbekende afgeschermd
okänd dold skyddat hemligt ukendt skjult hemmeligt ukjent hemmelig tuntematon salainen
anonymní neznámý neznámé neznámo skryté skrytý soukromý soukromé utajeno neznámy utajené súkromný
ismeretlen rejtett titkos necunoscut ascuns nepoznat nepoznato skriven skriveno
bilinmeyen gizli özel
анонимный аноним неизвестный неизвестно скрыт скрытый частный засекречен
анонімний анонім невідомий невідомо прихований приватний анонимен неизвестен скрит
ανώνυμος άγνωστος απόκρυψη απόρρητο
匿名 未知 私人 未显示 未顯示 隱藏 隐藏 非通知 表示圏外 公衆電話 通知不可能 발신번호표시제한 알수없음
חסוי مجهول محجوب خاص
"""
#: Words that say nothing more beside them.
_BESIDE = """
caller number num call name id cid callerid phone user nr clip
rufnummer nummer anrufer teilnehmer numéro appelant correspondant appel número teléfono llamada
numero chiamante chiamata numer telefonu dzwoniący abonent rozmówca beller samtal opkald anrop
soittaja číslo volající volajúci hívó szám hívószám număr apelant broj numara arayan
номер абонент вызов звонок абонента 号码 号 電話 来电 번호 מספר رقم
"""
#: They say it together only.
_PHRASES = (
    *("no number", "no caller id", "no id", "no cid", "no name", "not available", "n/a"),
    *("keine rufnummer", "keine nummer", "nicht verfügbar", "nicht übermittelt"),
    *("non disponible", "no disponible", "no identificado", "non disponibile"),
    *("não identificado", "não disponível", "brak numeru", "brak danych", "geen nummer"),
    *("niet beschikbaar", "ei numeroa", "bez čísla", "nincs szám", "нет номера"),
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
