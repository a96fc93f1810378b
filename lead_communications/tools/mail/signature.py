"""What the end of an email tells about who wrote it: telephone numbers and the company."""

import re
from collections.abc import Collection
from typing import NamedTuple

import phonenumbers

from . import quote
from .letter import closes
from .subject import clean_text

#: Only this much of a text is looked at, in characters, and so many of its last lines.
TEXT_LIMIT = 20_000
SIGNATURE_LINES = 14
COMPANY_LENGTH = 80
# Words in small letters in the name of a company; more are a sentence.
_SMALL_WORDS = 2
# Letters of a word that only joins others: i, und, et, für
_CONNECTING = 3

_FAX = re.compile(
    r"(?<!\w)(fax|faks|telefax|telefaks|f|факс|φαξ|faksi|传真|傳真|팩스|ファックス|פקס|فاكس)\s*[.:：]",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"(?<!\w)(m|mob|mobile|mobil|mobiel|mobilní|móvil|movil|cel|cell|celular|cellulare|portable"
    r"|kom|komórka|gsm|cep|tel\.?\s*kom|matkapuhelin|mobilais|mobilus|моб|мобильный|мобільний|κιν"
    r"|手机|手機|携帯|휴대폰|휴대전화|נייד|جوال|محمول|มือถือ|di động)(?!\w)\s*[.:：]?",
    re.IGNORECASE,
)
# Tax and company numbers, bank accounts: digits, but no telephone.
_NO_PHONE = re.compile(
    r"(?<!\w)(nip|regon|krs|bdo|iban|bic|swift|konto|account|vat|ust|ust-idnr|hrb|hra|siret|siren"
    r"|tva|dic|dič|ič|ičo|ič dph|tax|nif|cif|nipc|cnpj|cpf|p\.?\s?iva|partita iva|rea|btw|kvk|oib"
    r"|mbs|pib|cvr|org\.?\s?nr|y-tunnus|cui|adószám|pvm|reg\.?\s?nr|инн|кпп|огрн|еик|єдрпоу|іпн"
    r"|αφμ|αρ\.?\s?γεμη|vkn|vergi no|steuernummer|st\.-?nr|eori|ein|abn)(?!\w)",
    re.IGNORECASE,
)
# Legal forms, as words with the capitals that they are written in: 500 kg is a weight. Without its
# dots "SA", "AS", "CO" or "SPA" is one only as the last word of a name.
_LEGAL_FORMS = (
    r"[Ss][Pp]\.?\s?z\s?o\.?\s?o\.?(?:\s[Ss]p\.?\s?k\.?)?|S\.\s?A\.(?:\sde\sC\.V\.)?|[Ss]p\.\s?[jk]\."
    r"|[Ss]\.\s?[Cc]\.|P\.?P\.?H\.?U\.?"
    r"|(?:g?GmbH|GMBH|UG(?:\s\(haftungsbeschränkt\))?|AG|SE)(?:\s&\sCo\.?\s?KG(?:aA)?)?"
    r"|KG|KGaA|OHG|GbR|e\.\s?K\.|e\.\s?V\.|eG|GesmbH|Ges\.m\.b\.H\."
    r"|(?:Pty\.?\s|Pvt\.?\s|Co\.,?\s)?(?:Ltd\.?|LTD\.?|Limited|LIMITED)(?:\s[Şş]ti\.?)?"
    r"|LLC|L\.L\.C\.|LLP|PLC|plc|Inc\.?|INC\.?|Corp\.?|Corporation"
    r"|SARL|Sarl|S\.?\s?à\s?r\.?l\.?|S\.A\.R\.L\.|SASU?|EURL|SNC|SCI|S\.A\.S\."
    r"|S\.?r\.?l\.?(?:\su\.\s?s\.)?|S\.?R\.?L\.?|S\.p\.A\.?|SpA|S\.P\.A\.|S\.n\.c\.|S\.a\.s\."
    r"|S\.L\.(?:U\.)?|SLU?|Lda\.?|LDA\.?|Ltda\.?|LTDA\.?|EIRELI|Unipessoal"
    r"|B\.\s?V\.|BV|BVBA|N\.\s?V\.|NV|V\.O\.F\.|VOF|(?:spol\.\s)?s\.\s?r\.\s?o\.|a\.\s?s\.|v\.\s?o\.\s?s\."
    r"|Oyj?|OYJ?|Tmi|AB|HB|A/S|ApS|APS|I/S|ASA?|ANS|ehf\.?|hf\.?"
    r"|Kft\.?|KFT\.?|Zrt\.?|ZRT\.?|Nyrt\.?|Bt\.|O[ÜU]|UAB|SIA|MB|TÜ"
    r"|d\.\s?o\.\s?o\.|d\.\s?d\.|j\.\s?d\.\s?o\.\s?o\.|ООО|ОАО|ЗАО|ПАО|ТОВ|ПП|ЕООД|ООД|АД|ЕТ|EOOD|OOD"
    r"|Α\.?Ε\.?|Ε\.?Π\.?Ε\.?|Ο\.?Ε\.?|Ι\.?Κ\.?Ε\.?|A\.\s?Ş\.|AŞ|Sh\.p\.k\.|SRL|SA"
)
_BEHIND = re.compile(rf"(?<![\w.])(?:{_LEGAL_FORMS})(?![\w.])(?=\s*(?:[,;|/(–—•·-]|\Z))")
_ANY_FORM = re.compile(_BEHIND.pattern, re.IGNORECASE)
# In some languages they stand in front: ООО «Окна», UAB Langai, 株式会社サンプル
_IN_FRONT = re.compile(
    r"(?:ООО|ОАО|ЗАО|ПАО|АО|ТОВ|ПП|ПрАТ|UAB|SIA)\s+[\"«„“]?(?P<name>[^\W\d_].{1,60})"
    r"|(?:株式会社|有限会社|合同会社|㈱|주식회사|\(주\)|㈜)\s?\S.{1,40}"
    r"|\S{2,40}\s?(?:株式会社|有限会社|㈱|有限公司|有限责任公司|有限責任公司|주식회사)"
)
# Two letters say nothing where it is not certain that a line is of a signature
_SURE_FORM = 3
_LINE_START = re.compile(r"^[\s|,;*_•–—-]+")


class Signature(NamedTuple):
    """What was found; each may be ``""``.

    :param phone: in E.164.
    """

    phone: str
    company: str


class Ours(NamedTuple):
    """What is no customer's: never taken from a signature.

    :param phones: in E.164.
    :param companies: names, in any letters.
    :param domains: of our addresses, in small letters.
    """

    phones: Collection[str] = ()
    companies: Collection[str] = ()
    domains: Collection[str] = ()


def read(text: str, country_code: str, name: str = "", ours: Ours | None = None) -> Signature:
    """Return what the signature of an email's plain text tells. Any text is taken; nothing raises.

    What stands in a quotation is somebody else's; what is not certain is left empty.

    :param country_code: of national numbers, two letters.
    :param name: the sender's, to find where the signature begins when no closing words do.
    :param ours: a number or a company of our own is none, and lines with our address are ours.
    """
    ours = ours or Ours()
    lines, is_certain = _signature_lines(text[:TEXT_LIMIT], name)
    if _is_ours(lines, ours.domains):
        return Signature("", "")
    company = _company(lines, is_certain)
    if _bare(company) in {_bare(own) for own in ours.companies}:
        company = ""
    return Signature(_phone(lines, country_code, ours.phones), company)


def _signature_lines(text, name):
    """Return the lines of the signature, and whether it is certain that they are one."""
    lines = [line.strip() for line in quote.new_text(text).splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    tail = lines[-SIGNATURE_LINES:]
    begin = next((at for at, line in enumerate(tail) if closes(line)), None)
    if begin is None and name:
        begin = next(
            (at for at, line in enumerate(tail) if line.casefold().startswith(name.casefold())),
            None,
        )
    if begin is not None:
        return tail[begin:], True
    # Without any mark the last lines may be anything: only a number is worth the risk.
    return [line for line in tail[-4:] if len(line) < 60], False


def _is_ours(lines, domains):
    text = "\n".join(lines).casefold()
    return any(
        re.search(rf"@(?:[\w-]+\.)*{re.escape(domain)}(?![\w-]|\.\w)", text) for domain in domains
    )


def _phone(lines, country_code, own):
    """Return the first mobile number, else the first number."""
    first = ""
    for line in lines:
        if _NO_PHONE.search(line):
            continue
        for match in phonenumbers.PhoneNumberMatcher(line, country_code or None):
            before = line[: match.start][-20:]
            if _FAX.search(before):
                continue
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            if number in own:
                continue
            if _MOBILE.search(before):
                return number
            first = first or number
    return first


def _company(lines, is_certain):
    for line in lines:
        if len(line) > COMPANY_LENGTH or "@" in line:
            continue
        line = _LINE_START.sub("", line).rstrip("*_| ")
        found = _IN_FRONT.fullmatch(line)
        if found and _is_name(found["name"] or "X", is_certain):
            return clean_text(line, COMPANY_LENGTH)
        found = _BEHIND.search(line)
        # A form alone, or one in the middle of a sentence, names nobody.
        if (
            found
            and len(line) - found.end() < 25
            and (is_certain or len(found[0]) >= _SURE_FORM)
            and _is_name(line[: found.start()], is_certain)
        ):
            return clean_text(line[: found.end()], COMPANY_LENGTH)
    return ""


def _is_name(text, is_certain):
    """Tell whether what stands in front of a legal form is the name of a company, no sentence."""
    words = [word for word in re.split(r"[\s,]+", text) if word.strip("&+-–.,\"'()„”“«»")]
    letters = [word.lstrip("\"'(„“«") for word in words]
    if not words or letters[0][:1].islower() or not any(map(str.isalpha, letters[-1])):
        return False
    small = [word for word in letters if word[:1].islower() and len(word) > _CONNECTING]
    return len(small) <= (_SMALL_WORDS if is_certain else 0)


def _bare(name):
    """Return the name of a company without its form and all that is no letter or digit."""
    name = _ANY_FORM.sub("", name.strip())
    return "".join(char for char in name.casefold() if char.isalnum())
