"""What an address tells by the part in front of the @: a person, an office, a program, a form.

Evidence only: a person may be called as a program is.
"""

import re
import unicodedata

from .headers import Party, domain_of

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:(?:no|not|do[._-]?not|dont|never)[._-]?(?:reply|replies|respond|response|answer)"
    r"|nie[._-]?odpowiadaj|keine?[._-]?antwort(?:en)?|nicht[._-]?antworten|ne[._-]?pas[._-]?repondre"
    r"|no[._-]?(?:responder|contestar)|non?[._-]?rispondere|geen[._-]?antwoord|neodpovidat"
    r"|nao[._-]?responda|ei[._-]?vastata|svara[._-]?inte|ikke[._-]?svar|ne[._-]?valaszolj"
    r"|auto[._-]?(?:reply|responder|respond))"
    r"(?:$|[._+\d-])"
)
_PROGRAM = re.compile(
    r"(?:auto)?mailer|(?:mailer[._-]?)?daemon|bounces?(?:[+=_.-].*)?|notif(?:y|ications?|ier)"
    r"|(?:auto|mail)[._-]?notif(?:y|ications?)|wordpress|www-data|apache|nginx|nobody|root|cron"
    r"|(?:ro)?bot|monitor(?:ing)?|alerts?|nagios|zabbix|jira|jenkins|gitlab|postmaster|system"
    r"|powiadomienia?|benachrichtigung(?:en)?|notificaciones|notifiche|automat"
    r"|posta[._-]?certificata"
)
_MASS = re.compile(
    r"(?:e?-?news|newsletters?|news|mailings?|promos?|promocje?|promotions?|offers?|oferty|deals?"
    r"|marketing|campaigns?|info-?mail|biuletyn|actualites|werbung|angebote|boletin|updates?|digest)"
    r"(?:[._+-].*)?"
)
_OFFICE = re.compile(
    r"(?:info|service|services|support|help|hello|hi|contact|contacts|contacto|kontakt|office|biuro|shop"
    r"|sklep|sales|answers?|reply|replies|feedback|customer[._-]?\w{0,10}|kundenservice|bok|team|mail"
    r"|admin|crm|news|newsletter|marketing|care|obsluga)"
)
_SITE = re.compile(
    r"(?:web|contact|wp|site|kontakt)?[._-]?forms?(?:ular(?:z|e)?|ulaire|ulario)?|wordpress|wpforms"
    r"|www(?:-data)?|web(?:site|server|page)?|site|strona|submissions?|notifications?|alerts?"
    r"|apache|nginx|nobody|(?:auto)?mailer|system|robot|bot|server|php|cms|shop|sklep"
)
_FORM = re.compile(r"(?:web|contact|wp|kontakt)?[._-]?forms?|wordpress|wpforms|submissions?")
# Names of accounts that a person may have, too.
_PERHAPS_PEOPLE = frozenset(
    ["root", "mailer", "notify", "system", "bot", "robot", "monitor", "automat", "jira"]
)
# Words that stand in the names of senders and are nobody's
_NAMES_OF_NOBODY = """
the and team support service services info sales news newsletter shop store office biuro sklep
customer care help desk marketing offers deals notifications notification alerts system admin
backup survey report reports dmarc billing invoice invoices orders account accounts security server
mail mailer online no noreply reply contact kontakt hello your my bank group company gmbh ltd
inc llc sp zoo club
"""
_NOT_NAMES = frozenset(_NAMES_OF_NOBODY.split())
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "ı": "i", "Ł": "l", "Ø": "o", "Đ": "d"}
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def local_of(address: str) -> str:
    """Return the part of an address in front of the @, in small letters."""
    return address.partition("@")[0].lower()


def takes_no_answers(address: str) -> bool:
    """Return whether an address says that nobody reads the answers: noreply@."""
    return bool(_NO_REPLY.search(local_of(address)))


def is_program(address: str) -> bool:
    """Return whether an address is called like a program: root@, notify@."""
    return bool(_PROGRAM.fullmatch(local_of(address)))


def is_mass(address: str) -> bool:
    """Return whether an address is called like a newsletter: news@."""
    return bool(_MASS.fullmatch(local_of(address)))


def is_office(address: str) -> bool:
    """Return whether an address is that of an office: info@."""
    return bool(_OFFICE.fullmatch(local_of(address)))


def is_no_reply(address: str) -> bool:
    """Return whether nobody reads the answers to this address."""
    return takes_no_answers(address) or is_program(address)


def is_site(address: str) -> bool:
    """Return whether an address is one of those from which web sites send."""
    return bool(_SITE.fullmatch(local_of(address)))


def is_form(address: str) -> bool:
    """Return whether an address is that of a form, and of nothing else."""
    return bool(_FORM.fullmatch(local_of(address)))


def is_nobodys(address: str) -> bool:
    """Return whether an address is no person's: nothing may be put on a lead by it."""
    if local_of(address) in _PERHAPS_PEOPLE:
        return False
    return is_no_reply(address) or is_form(address)


def plain(text: str) -> str:
    """Return a text in small letters without accents, as addresses are made of names."""
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in text if not unicodedata.combining(char)).casefold()


def is_made_of_name(party: Party) -> bool:
    """Return whether the address is made of the name, which is no company's and no office's."""
    words = set(_WORD.findall(plain(party.name)))
    site = set(re.split(r"[.-]", domain_of(party.address)))
    if words & _NOT_NAMES or words <= site:
        return False
    local = local_of(party.address)
    letters = re.sub(r"[^a-z]", "", local)
    parts = set(re.split(r"[^a-z]+", local))
    # jan.morawski, jmorawski, morawskij
    return bool(words & parts) or any(len(word) > 3 and word in letters for word in words)
