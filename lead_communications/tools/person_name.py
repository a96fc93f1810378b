"""The name of a person: first, middle and last, and all of it in one line."""

import re
import unicodedata

# Without accents and dots, in small letters. What stands before a name and is no part of it.
_TITLES_TEXT = """
dr drs prof doc hab mgr lic inz ing ir dipl dipl-ing dipling mag di bc judr mudr phdr
rndr mvdr thdr paeddr arch adw mec apl rpr ks bp gen plk mjr kpt por sgt capt rev fr hon mr mrs
ms mx miss mister sir madam dame lord lady pan pani panstwo p herr frau hr fraulein monsieur
madame mademoiselle mme mlle m me maitre senor senora senorita sr sra srta srs signor
signora signorina sig sigra sigina dott dottssa dottor avv rag geom dhr mevr mw meneer mevrouw
hra rouva herra fru froken gospodin gospodja gospa gospod pane slecna urhoelgy bayan г-н
г-жа пан пани панi господин госпожа д-р κος κα κυριος κυρια
"""
# These are titles with their dot only: Di and Gen are first names, and people have initials.
_WITH_DOT = {"m", "p", "me", "di", "ir", "gen", "mag", "rag", "fr", "ks", "bp", "sig"}
# What stands behind it.
_SUFFIXES_TEXT = """
jr jnr junior sr snr senior ii iii iv phd dphil mba msc bsc esq cpa cfa llm llb dds dvm
csc drsc mst """
_POSITIONS_TEXT = """
ceo cto cfo coo cio cmo vp svp evp md head chief director manager owner founder cofounder co-
founder partner president chairman secretary sales marketing account accountant engineer
consultant specialist assistant buyer purchasing procurement architect lawyer representative
key office prezes prezeska wiceprezes dyrektor dyrektorka kierownik kierowniczka wlasciciel
wlascicielka wspolwlasciciel zastepca handlowiec specjalista specjalistka asystent asystentka
ksiegowa ksiegowy kupiec menedzer menadzer przedstawiciel doradca sekretariat biuro dzial
zarzad czlonek pelnomocnik prokurent mistrz sprzedaz zakupy architekt inzynier geschaftsfuhrer
geschaftsfuhrerin inhaber inhaberin leiter leiterin vertrieb einkauf einkaufer assistenz
assistentin vorstand prokurist sachbearbeiter directeur directrice gerant gerante responsable
presidente associe acheteur gerente propietario jefe jefa comercial compras titolare direttore
direttrice amministratore acquisti ufficio diretor diretora gestor comprador reditel jednatel
majitel nakupci obchodni igazgato ugyvezeto eigenaar inkoper zaakvoerder chef vd koper директор
менеджер владелец руководитель
"""
# They begin a last name, in small letters and, of most, in capitals as well.
_PARTICLES_TEXT = """
van von vom der den de del della dello degli dei di da du des la las le lo los dos das do zu
zum zur ter ten te el al af av
"""
_TITLES, _SUFFIXES, _POSITIONS, _PARTICLES = (
    frozenset(text.split())
    for text in (_TITLES_TEXT, _SUFFIXES_TEXT, _POSITIONS_TEXT, _PARTICLES_TEXT)
)
_SMALL_PARTICLES = _PARTICLES | {"bin", "ibn", "ben", "bint", "und", "e", "d", "'t"}
_CAPITAL_PARTICLES = _PARTICLES - {"te", "do", "lo", "af", "av", "den"}
_BESIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|[\"“”„«»][^\"“”„«»]*[\"“”„«»])\s*")
_BREAK = re.compile(r"\s+[|/•·–—-]+\s+|\s*[|•;]\s*")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "ü": "u"})


def join(first, middle, last):
    """Return the whole name."""
    return " ".join(part.strip() for part in (first, middle, last) if part and part.strip())


def split(name):
    """Return ``(first, middle, last)`` of a whole name; ``Last, First Middle`` is understood.

    Titles, positions and what stands behind a name in its language are left out: ``dr Jan van der
    Berg, CEO``. A guess, as names are: whoever knows better corrects the parts.
    """
    name = " ".join((name or "").split())
    plain = _without_beside(name)
    segments = [part.strip() for part in plain.split(",") if part.strip()] or [""]
    while len(segments) > 1 and _is_beside(segments[-1]):
        segments.pop()
    if len(segments) > 1:
        given = _without_titles(" ".join(segments[1:]).split())
        return given[0], " ".join(given[1:]), " ".join(_without_titles(segments[0].split()))
    words = _without_titles(segments[0].split()) or [name]
    if len(words) == 1 and words[0] == segments[0]:
        return (name if len(name.split()) == 1 else words[0]), "", ""
    start = _start_of_last(words)
    return (words[0] if start else ""), " ".join(words[1:start]), " ".join(words[start:])


def _without_beside(name):
    """Return a name without what stands in brackets, in quotes, or behind a dash."""
    plain = _BESIDE.sub(" ", name).strip()
    plain = _BREAK.split(plain)[0].strip() if plain else ""
    return plain or name


def _key(word):
    text = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(char for char in text if not unicodedata.combining(char) and char != ".")


def _is_beside(segment):
    """Tell whether what stands behind a comma is no name: a degree, a position."""
    words = [_key(word) for word in segment.split()]
    return bool(words) and (words[0] in _POSITIONS or all(word in _SUFFIXES for word in words))


def _without_titles(words):
    start, end = 0, len(words)
    while end - start > 1 and _is_title(words[start]):
        start += 1
    while end - start > 1 and _key(words[end - 1]) in _SUFFIXES:
        end -= 1
    return words[start:end]


def _is_title(word):
    key = _key(word)
    return key in _TITLES and (key not in _WITH_DOT or word.endswith("."))


def _start_of_last(words):
    """Return where the last name begins: at its first particle, else with the last word."""
    for index, word in enumerate(words[:-1]):
        if word == "y" and index > 1:
            return index - 1
        is_capital = word[:1].isupper()
        if index or not is_capital:
            known = _CAPITAL_PARTICLES if is_capital else _SMALL_PARTICLES
            if word.casefold() in known:
                return index
    return len(words) - 1
