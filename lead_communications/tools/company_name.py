"""Whether two names are of one company, however they are spelled.

Case, accents, punctuation, quotes and spaces say nothing; the legal form is compared, in whichever
of its spellings it stands: ``ACME sp. z o. o.`` is ``Acme spółka z o.o.`` and maybe ``Acme S.A.``

The legal forms are those that registers of companies in Europe, America and Asia write most.
"""

import re
import unicodedata
from typing import NamedTuple

#: Characters. The patterns take long over what is no name.
LONGEST = 250

# Each legal form, with other ways to write it; letters only, folded as by :func:`_folded`.
_FORMS = {
    # Poland
    "spzoo": "spolkazoo spolkazograniczonaodpowiedzialnoscia spzoospk spolkazoospk",
    "sa": "spolkaakcyjna societeanonyme sociedadanonima sociedadeanonima societateanonima"
    " akciovaspolecnost akciovaspolocnost as akcinebendrove",
    "spj": "spolkajawna",
    "spk": "spolkakomandytowa",
    "spp": "spolkapartnerska",
    "ska": "spolkakomandytowoakcyjna",
    "sc": "spolkacywilna",
    "psa": "prostaspolkaakcyjna",
    # Germany, Austria, Switzerland
    "gmbh": "gesellschaftmitbeschrankterhaftung gesellschaftmbh gesmbh ggmbh mbh",
    "gmbhcokg": "gmbhundcokg gmbhucokg gesellschaftmbhcokg",
    "ag": "aktiengesellschaft",
    "agcokg": "agundcokg",
    "kg": "kommanditgesellschaft",
    "kgaa": "",
    "ohg": "offenehandelsgesellschaft",
    "ug": "unternehmergesellschaft ughaftungsbeschrankt unternehmergesellschafthaftungsbeschrankt",
    "gbr": "gesellschaftburgerlichenrechts",
    "ek": "eingetragenerkaufmann eingetragenekauffrau ekfm ekfr",
    "ev": "eingetragenerverein",
    "eg": "eingetragenegenossenschaft",
    "se": "societaseuropaea",
    # English
    "ltd": "limited coltd colimited companyltd companylimited pvtltd pvtlimited privateltd"
    " privatelimited pteltd ptelimited ptyltd ptylimited proprietaryltd proprietarylimited",
    "llc": "limitedliabilitycompany",
    "llp": "limitedliabilitypartnership",
    "lp": "limitedpartnership",
    "plc": "publiclimitedcompany",
    "inc": "incorporated",
    "corp": "corporation",
    "co": "company",
    # French, Spanish, Portuguese, Italian, Romanian
    "sarl": "societearesponsabilitelimitee",
    "sas": "societeparactionssimplifiee",
    "sasu": "",
    "eurl": "",
    "snc": "societeennomcollectif societainnomecollettivo",
    "sl": "sociedadlimitada",
    "slu": "sociedadlimitadaunipersonal",
    "sadecv": "sociedadanonimadecapitalvariable",
    "lda": "limitada",
    "ltda": "",
    "eireli": "",
    "srl": "societaaresponsabilitalimitata sociedadderesponsabilidadlimitada"
    " societatecuraspunderelimitata",
    "srls": "",
    "spa": "societaperazioni sociedadporacciones",
    "sapa": "",
    # Netherlands, Belgium
    "bv": "beslotenvennootschap bvba",
    "nv": "naamlozevennootschap",
    "vof": "vennootschaponderfirma",
    # Czechia, Slovakia, Hungary
    "sro": "spolsro spolecnostsrucenimomezenym spolocnostsrucenimobmedzenym",
    "vos": "verejnaobchodnispolecnost",
    "kft": "korlatoltfelelossegutarsasag",
    "zrt": "zartkoruenmukodoreszvenytarsasag",
    "nyrt": "",
    "bt": "betetitarsasag",
    # Nordic and Baltic
    "ab": "aktiebolag aktiebolaget",
    "oy": "osakeyhtio",
    "oyj": "",
    "aps": "anpartsselskab",
    "asnordic": "aktieselskab aksjeselskap",
    "asa": "",
    "hb": "handelsbolag",
    "ehf": "",
    "hf": "",
    "ou": "osauhing",
    "uab": "uzdarojiakcinebendrove",
    "sia": "sabiedribaarierobezotuatbildibu",
    # Balkans, Türkiye
    "doo": "drustvosogranicenomodgovornoscu",
    "dd": "",
    "jdoo": "",
    "dooel": "",
    "еоод": "eood",
    "оод": "ood",
    "ad": "",
    "ltdsti": "limitedsirketi",
    "asturk": "anonimsirketi",
    # Greek, Cyrillic
    "επε": "",
    "αε": "",
    "οε": "",
    "ικε": "",
    "ооо": "обществосограниченнойответственностью",
    "оао": "",
    "зао": "",
    "пао": "",
    "ао": "",
    "ип": "индивидуальныйпредприниматель",
    "тов": "товариствозобмеженоювідповідальністю",
    "фоп": "",
    "прат": "",
    # Asia
    "pt": "",
    "bhd": "berhad",
    "sdnbhd": "sendirianberhad",
}
# They stand beside the name without a space. The short ones are in brackets: (株), ㈱, (주).
_BESIDE = {
    "株式会社": "",
    "有限会社": "",
    "合同会社": "",
    "股份有限公司": "",
    "有限公司": "有限责任公司 有限責任公司",
    "주식회사": "",
    "유한회사": "",
}
_IN_BRACKETS = {
    "株": "株式会社",
    "有": "有限会社",
    "同": "合同会社",
    "주": "주식회사",
    "유": "유한회사",
}
# What firms of one person in Poland put in front: it is no part of the name.
_TRADES = "fh fhu fp fpu fphu fuh ph phu pphu ppuh puh pw zpu zphu"
# Forms that stand in front of a name, too: ООО «Окна», UAB Langai, AB Volvo
_IN_FRONT = "ооо оао зао пао ао ип тов фоп прат uab sia ou ab as oy pt sarl sas eurl sa spa srl"
_LETTERS = {
    **{"ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ı": "i", "ħ": "h", "Ħ": "h"},
    **{"ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th"},
}
# As regular expressions that PostgreSQL and Python read alike
_ACCENTS = r"[\u0300-\u036f]+"
_WITHIN_WORDS = r"[.'`\u00b4\u02bc\u2018\u2019]+"
_BETWEEN_WORDS = r"[\s!-/:-@\[-`{-~\u00a1-\u00bf\u2000-\u206f\u2e00-\u2e7f\u3000-\u303f]+"


def _folded(text):
    text = unicodedata.normalize("NFKD", text or "")
    text = re.sub(_ACCENTS, "", text).lower()
    text = "".join(_LETTERS.get(char, char) for char in text)
    text = re.sub(_WITHIN_WORDS, "", text)
    return re.sub(_BETWEEN_WORDS, " ", text).strip()


def _spellings():
    """Return ``{spelling: form}`` of all legal forms, folded."""
    found = {
        _folded(spelling): _folded(form)
        for forms in (_FORMS, _BESIDE)
        for form, spellings in forms.items()
        for spelling in (form, *spellings.split())
    }
    return found | {_folded(mark): _folded(form) for mark, form in _IN_BRACKETS.items()}


def _pattern(words):
    """Return the pattern of ``words``, with or without spaces between their letters."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(" ?".join(word) for word in longest)


_CANONICAL = _spellings()
_GLUED = sorted({_folded(word) for forms in _BESIDE.items() for word in " ".join(forms).split()})
_ALONE = sorted(_CANONICAL.keys() - set(_GLUED))
_FRONT_FORMS = {_CANONICAL[_folded(form)] for form in _IN_FRONT.split()}
_BEFORE_NAMES = [
    *(word for word in _ALONE if _CANONICAL[word] in _FRONT_FORMS),
    *map(_folded, _IN_BRACKETS),
    *_TRADES.split(),
]
_AT_END = f"(?: (?:{_pattern(_ALONE)}))+$"
# The same read from the end: from there PostgreSQL finds it 30 times as fast.
_AT_END_REVERSED = f"^(?:(?:{_pattern([word[::-1] for word in _ALONE])}) )+"
_AT_BEGINNING = f"^(?:(?:{_pattern(_BEFORE_NAMES)}) )+(?=[^ ])"
_ANYWHERE = "|".join(sorted(_GLUED, key=lambda word: (-len(word), word)))


class CompanyName(NamedTuple):
    """What a name is compared by.

    :param core: the words of the name, without the legal form.
    :param form: the legal form, in one spelling; "" without one.
    """

    core: str
    form: str


def read(name):
    """Return the :class:`CompanyName` of a name, of whatever is written there.

    What is longer than :data:`LONGEST` characters is no name: it is compared as it stands.
    """
    text = _folded(name)
    if len(name or "") > LONGEST:
        return CompanyName(text, "")
    forms = [_CANONICAL[found] for found in re.findall(_ANYWHERE, text)]
    text = re.sub(_ANYWHERE, "", text).strip()
    if found := re.search(_AT_END, text):
        forms += _forms(found[0])
        text = text[: found.start()]
    if found := re.match(_AT_BEGINNING, text):
        forms += _forms(found[0])
        text = text[found.end() :]
    return CompanyName(text, " ".join(sorted(set(forms))))


def _forms(text):
    """Return the forms that stand one behind the other, each in one spelling."""
    words, forms = text.split(), []
    while words:
        for size in range(len(words), 0, -1):
            if form := _CANONICAL.get("".join(words[:size])):
                forms.append(form)
                break
        words = words[size:]
    return forms


def compare(one, other):
    """Return ``"same"`` or, for two names of which one may be the other, ``"similar"``; else ""."""
    one, other = read(one), read(other)
    if not one.core or one.core.replace(" ", "") != other.core.replace(" ", ""):
        return ""
    return "same" if one == other else "similar"


def key_sql(column):
    """Return the SQL of what all names have in common that are the same, or similar.

    :param column: SQL of a text.
    """
    text = f"normalize(left({column}, {LONGEST}), NFKD)"
    text = f"lower(regexp_replace({text}, '{_ACCENTS}', '', 'g'))"
    for letter, plain in _LETTERS.items():
        text = f"replace({text}, '{letter}', '{plain}')"
    text = f"regexp_replace({text}, '{_WITHIN_WORDS.replace(chr(39), chr(39) * 2)}', '', 'g')"
    text = f"btrim(regexp_replace({text}, '{_BETWEEN_WORDS}', ' ', 'g'))"
    text = f"btrim(regexp_replace({text}, '{_ANYWHERE}', '', 'g'))"
    text = f"reverse(regexp_replace(reverse({text}), '{_AT_END_REVERSED}', ''))"
    text = f"regexp_replace({text}, '{_AT_BEGINNING}', '')"
    return f"left(replace({text}, ' ', ''), 255)"
