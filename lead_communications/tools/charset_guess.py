"""Which charset a text is in that does not say so, by the language that it would be readable in.

Detectors that are made for pages of the web need more text than an email has: of 418 short texts
without a charset, in the encodings of their languages, chardet misread 150, charset-normalizer 60,
and this module 34. Here each charset is tried, and what comes out is looked at: the letters of one
language and alphabet, small ones within words, signs between words.
"""

import re
import unicodedata
from collections import Counter

SAMPLE = 4000
#: Less is no text.
_LEAST_SCORE = 0.3

_LATIN = {
    "de": "üäöß",
    "fr": "éàèêçùâîôûëïüœæÿ",
    "es": "óáéíñúü",
    "pt": "ãçéáíóâêõúàôü",
    "it": "àèéìòù",
    "sv": "åäöé",
    "da": "æøåé",
    "nl": "ëéïóèö",
    "is": "ðþáéíóúýöæ",
    "ca": "àçéèíïóòúü",
    "cy": "âêîôûŵŷ",
}
_CENTRAL = {
    "pl": "ąęóśłżźćń",
    "cs": "íáéěřýčžšůúňťďó",
    "sk": "áíčýžéšúľťňôďäóĺŕ",
    "hu": "áéöóőüíúű",
    "ro": "ăîşţâșț",
    "hr": "čšžćđ",
    "de": "äöüß",
    "sq": "ëç",
}
_BALTIC = {"lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äöüõšž", "pl": "ąęóśłżźćń"}
_TURKISH = {"tr": "çğıöşü", "de": "äöüß"}
_CYRILLIC = {
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оаніитврелкусдмпзьбяїйхчєщґжшюцф",
    "bg": "аиоетнрсвлдкпмзуябгчъцщжхйшюфь",
    "sr": "аиоенрстувјкдпмлзбгшчцњжхљћђџф",
    "be": "аеёіоуўыэюябвгджзйклмнпрстфхцчшь",
}
_GREEK = {"el": "αοιετσνηυρπκμλςωδίγόάέθχήφύβώξζψϊϋΐΰ"}
_HEBREW = {"he": "יוהלאמרבתנשעםדקחפטכגןסצזךףץ"}
_ARABIC = {
    "ar": "اليمنوتربةعدسفهكقأحجشطصخضذغزىثءظإآئؤ",
    "fa": "ایرندهموتبسشکزگفخقچپلعجحآطصغضئژثذظ",
}
_THAI = {"th": "".join(map(chr, range(0xE01, 0xE5C)))}
_VIETNAMESE = {"vi": "ăâêôơưđàáãèéìíòóõùúý\u0300\u0301\u0303\u0309\u0323"}

# Letters in the order of how frequent they are. The first of equal charsets counts.
_CHARSETS = {
    "cp1252": _LATIN,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "cp1251": _CYRILLIC,
    "koi8-u": _CYRILLIC,
    "koi8-r": _CYRILLIC,
    "iso8859-5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "mac-cyrillic": _CYRILLIC,
    "cp1253": _GREEK,
    "iso8859-7": _GREEK,
    "cp1254": _TURKISH,
    "cp1257": _BALTIC,
    "iso8859-4": _BALTIC,
    "cp1255": _HEBREW,
    "cp1256": _ARABIC,
    "iso8859-6": _ARABIC,
    "cp874": _THAI,
    "cp1258": _VIETNAMESE,
    "mac-roman": _LATIN,
    "mac-latin2": _CENTRAL,
    "cp852": _CENTRAL,
    "cp850": _LATIN,
}
#: Those of systems that hardly anybody has must look better than the others.
_RARE = {
    "mac-cyrillic",
    "mac-roman",
    "mac-latin2",
    "cp852",
    "cp850",
    "cp866",
    "iso8859-4",
    "cp1258",
}
_SIGNS = set("“”„‟‘’‚–—…€«»‹›°§©®™№•·¿¡´±×÷½¼¾²³µ£†‰\xa0\xad\u200e\u200f¹ºª₪،؟؛")
_IN_WORDS = set("’·´\xad\u200e\u200f‘")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\u2500-\u259f]")
_ASIAN = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
_STRANGE = re.compile("[^\x00-\x7f]")
_STRANGE_BYTE = re.compile(rb"[\x80-\xff]|\Z")
# What texts are made of: letters of the languages that have characters of two bytes, and signs
_COMMON = re.compile(
    "[\t\r\n -~\xa0-\u05ff\u0600-\u06ff\u0e01-\u0e5b\u2010-\u203a\u20ac\u3000-\u30ff"
    "\u4e00-\u9fff\uac00-\ud7a3\uff00-\uff9f\U0001f300-\U0001faff]"
)
_BESIDE_LETTER = re.compile(rb"[a-z](?=[\x80-\xff])|(?<=[\x80-\xff][\xa0-\xff])[a-z](?=[a-z])")
_FOUR = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_PAIR = re.compile(rb"[\x81-\xfe][\x30-\xfe]|[\x80-\xff]")


def guess(data: bytes, hint: str = "") -> str:
    """Return the Python codec in which bytes are most likely a text, "" if in none.

    :param hint: a codec that is to be preferred if others are as likely.
    """
    start = max(_STRANGE_BYTE.search(data).start() - 200, 0)
    sample = data[start : start + SAMPLE]
    scores = {name: _score(sample, name, languages) for name, languages in _CHARSETS.items()}
    scores |= {name: _asian_score(sample, name) for name in _ASIAN}
    if hint in scores:
        scores[hint] += 0.15
    best = max(scores, key=scores.get)
    return best if scores[best] > _LEAST_SCORE else ""


def wide(data: bytes) -> str:
    """Return in which charset of two or four bytes a character bytes are a text, "" if in none."""
    sample = data[:SAMPLE]
    sample = sample[: len(sample) // 4 * 4] or sample[: len(sample) // 2 * 2]
    best, score = "", 0.9
    for name in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        share = len(_COMMON.findall(text)) / max(len(text), 1)
        if share > score:
            best, score = name, share
    return best


def _score(sample: bytes, name: str, languages: dict[str, str]) -> float:
    """Return how much the text in a charset looks like one in one of the languages, 1 at most."""
    try:
        text = sample.decode(name)
    except UnicodeDecodeError:
        return -1
    strange = list(_STRANGE.finditer(text))
    if not strange:
        return 0
    faults = 5.0 * len(_CONTROL.findall(text))
    letters: Counter = Counter()
    signs = 0
    for match in strange:
        letter = match[0]
        before = text[match.start() - 1 : match.start()]
        after = text[match.end() : match.end() + 1]
        if letter.isalpha() or unicodedata.combining(letter) or "\u0e31" <= letter <= "\u0e4e":
            letters[letter.lower()] += 1
            if letter.isupper() and before.islower():
                faults += 1
            if letter > "\u036f" and (_is_ascii_letter(before) or _is_ascii_letter(after)):
                faults += 1
        elif letter in _SIGNS:
            signs += 1
            if letter not in _IN_WORDS and before.isalpha() and after.isalpha():
                faults += 2
        else:
            faults += 1
    best = max(_fit(letters, alphabet) for alphabet in languages.values())
    return (best + 0.8 * signs - faults) / len(strange) - 0.1 * (name in _RARE)


def _is_ascii_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _fit(letters: Counter, alphabet: str) -> float:
    """Return how many of the letters are of the alphabet: frequent ones count for more."""
    step = (0.5 if len(alphabet) > 20 else 0.2) / len(alphabet)
    total = 0.0
    for letter, count in letters.items():
        rank = alphabet.find(letter)
        total += count * (1 - rank * step if rank >= 0 else -1)
    return total


def _asian_score(sample: bytes, name: str) -> float:
    """Return how many of the characters are frequent ones of the charset, 1 at most."""
    try:
        sample.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 3:
            return -1
    four = 0
    if name == "gb18030":
        sample, four = _FOUR.subn(b"", sample)
    faults = 0.4 * len(_BESIDE_LETTER.findall(sample))
    pairs = _PAIR.findall(sample)
    weigh = _WEIGHTS[name]
    return (
        0.9 * four
        - faults
        + sum(weigh(pair[0], pair[1]) if len(pair) > 1 else -0.5 for pair in pairs)
    ) / max(len(pairs) + four, 1)


def _weigh_gb(first, second):
    if second < 0xA1:
        return -0.5
    if first <= 0xA8:
        return 0.7
    return 0.9 if 0xB0 <= first <= 0xD7 else 0.2 if 0xD8 <= first <= 0xF7 else 0.0


def _weigh_big5(first, second):
    if first in (0xA1, 0xA2, 0xA3):
        return 0.7
    return 0.9 if 0xA4 <= first <= 0xC6 else 0.0 if 0xC9 <= first <= 0xF9 else -1


def _weigh_sjis(first, second):
    if first == 0x82 and second >= 0x9F:
        return 1.1
    if first in (0x81, 0x83, 0x84):
        return 1.0
    if 0xA0 <= first <= 0xDF:
        return -0.5  # the half of two letters
    return 0.8 if 0x88 <= first <= 0x97 else 0.0 if 0x98 <= first <= 0xEA else -0.2


def _weigh_euc_jp(first, second):
    if second < 0xA1:
        return -1
    if first == 0xA4:
        return 1.1
    if first in (0xA1, 0xA3, 0xA5, 0xA7):
        return 1.0
    return 0.8 if 0xB0 <= first <= 0xCF else 0.1 if 0xD0 <= first <= 0xF4 else -0.5


def _weigh_korean(first, second):
    if second < 0xA1 or first < 0xA1:
        return 0.0
    if first <= 0xAC:
        return 0.7
    return 1.0 if 0xB0 <= first <= 0xC8 else -0.5


_WEIGHTS = {
    "gb18030": _weigh_gb,
    "big5": _weigh_big5,
    "cp932": _weigh_sjis,
    "euc_jp": _weigh_euc_jp,
    "cp949": _weigh_korean,
}
