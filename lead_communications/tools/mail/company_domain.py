"""Which company a mail domain names: a guess that is made only where it is hardly ever wrong."""

import re

from ..free_mail import is_free_mail
from ..website import read as read_website
from .address_name import is_office, plain

# Nobody's, by RFC 2606, 6761, 6762 and 7686, and what networks use inside. Below .example there are
# companies that are made up, with names of their own.
_RESERVED_ENDS_TEXT = """
test invalid localhost local localdomain internal intranet private lan home corp arpa
onion alt
"""
_RESERVED_ENDS = frozenset(_RESERVED_ENDS_TEXT.split())
# What stands for a domain in examples, below whatever end.
_PLACEHOLDERS_TEXT = """
example examples exemple exemplo ejemplo esempio beispiel przyklad voorbeeld priklad pelda test
tests testing localhost domain domena domaine dominio yourdomain mydomain twojadomena
yourcompany mycompany twojafirma foo bar foobar
"""
_PLACEHOLDERS = frozenset(_PLACEHOLDERS_TEXT.split())
# Below an end, where anybody registers: kinds, and the regions of Poland.
_SECOND_LEVEL_TEXT = """
co com net org gov edu ac gob gouv govt go ne or mil nom gmina biz info waw warszawa krakow lodz
wroclaw poznan gdansk gdynia sopot szczecin bydgoszcz lublin katowice bialystok czest olsztyn
opole radom rzeszow torun kielce zgora gorzow slask mazowsze malopolska pomorze podlasie
"""
_SECOND_LEVEL = frozenset(_SECOND_LEVEL_TEXT.split())
# um.krakow.pl is the town hall.
_OFFICES_ARE_SHORTER = 3
# Schools: whoever writes from there is one of thousands.
_SCHOOLS = re.compile(
    r"(?:^|\.)(?:edu|ac)(?:\.[a-z]{2})?$"
    r"|(?:^|\.)(?:uni|tu|th|fh|hs|ph)-[a-z-]+\.(?:de|at)$"
    r"|(?:^|[.-])(?:univ|university|universit[ay]t?|universite|universidad|uniwersytet|politechnika"
    r"|student|students|studenci|alumni)(?:[.-]|$)|(?:^|\.)univ-[a-z-]+\.fr$"
    r"|(?:^|\.)(?:uw|uj|agh|amu|pw|pwr|pg|pk|put|polsl|ethz|epfl|kuleuven|tudelft|unibo|unimi"
    r"|uniroma1|polimi)\.(?:pl|ch|be|nl|it|edu\.pl)$"
)
# Sites, shops and mail of many on one machine or below one name; what passes mail on; networks of
# providers, whose customers write from there.
_OF_MANY_TEXT = """
onmicrosoft.com sharepointonline.com outlook.office365.com googlegroups.com groups.io
gappssmtp.com appspot.com web.app firebaseapp.com blogspot.com wordpress.com wpengine.com
wixsite.com wix.com weebly.com squarespace.com webflow.io jimdo.com jimdofree.com jimdosite.com
strato.de ionos.de ionos.com kundenserver.de hosteurope.de your-server.de github.io gitlab.io
netlify.app vercel.app pages.dev workers.dev herokuapp.com azurewebsites.net cloudapp.net
amazonaws.com amazonses.com cloudfront.net fly.dev onrender.com myshopify.com shopify.com
shoplo.com shoper.pl iai-shop.com prestashop.com sendgrid.net mailgun.org mandrillapp.com
mailchimpapp.net mcsv.net sparkpostmail.com sendinblue.com brevo.com mailjet.com postmarkapp.com
hubspotemail.net privaterelay.appleid.com appleid.com users.noreply.github.com duck.com
simplelogin.com anonaddy.com mozmail.com relay.firefox.com allegromail.pl allegro.pl olx.pl
home.pl nazwa.pl home.net.pl cba.pl az.pl ovh.net ovh.pl lh.pl linuxpl.com linuxpl.info
zenbox.pl dhosting.pl kei.pl hekko.pl hekko24.pl cyberfolks.pl smarthost.pl seohost.pl
plesk.page cpanel.net hostinger.com bluehost.com godaddy.com secureserver.net gandi.net
infomaniak.com one.com aruba.it register.it loopia.se active24.cz forpsi.com websupport.sk
wedos.net 000webhostapp.com freehostia.com dyndns.org no-ip.org ddns.net duckdns.org sslip.io
nip.io hopto.org zapto.org eu.org vectra.pl toya.net.pl toya.pl inea.pl inea.net.pl inea.com.pl
upcpoczta.pl upc.com.pl chello.pl aster.pl aster.net.pl multimedia.pl multimo.pl mm.pl netia.pl
netia.net.pl internetia.pl internetia.net.pl dialog.net.pl tpnet.pl tpsa.pl tvksmp.pl icpnet.pl
espol.com.pl plusnet.pl plus.pl play.pl t-mobile.pl orange.pl petrus.com.pl t-ipconnect.de
vodafone.de vodafone.it vodafone.net unitymedia.de unitybox.de kabelbw.de kabelmail.de
netcologne.de ewetel.net ewe.net mnet-online.de m-net.de versanet.de osnanet.de chello.at
chello.nl chello.hu chello.sk chello.cz inode.at liwest.at kabsi.at upcmail.nl quickline.ch
netplus.ch vtxnet.ch tele2.nl tele2.se tele2.it casema.nl online.nl zeelandnet.nl caiway.nl
club-internet.fr cegetel.net aliceadsl.fr nordnet.fr teletu.it teletu.net wind.it tele2.com
o2online.de o2.co.uk plus.com plus.net zen.co.uk demon.co.uk force9.co.uk btclick.com
vodafone.co.uk three.co.uk iinet.net.au tpg.com.au internode.on.net paradise.net.nz
slingshot.co.nz frontier.com frontiernet.net windstream.net centurylink.net centurytel.net
embarqmail.com optonline.net optimum.net roadrunner.com rr.com mchsi.com suddenlink.net
cableone.net tds.net telus.net videotron.ca cogeco.ca eastlink.ca rcn.com ptd.net wowway.com
q.com netvision.net.il bezeqint.net airtelmail.in bsnl.in o2.cz t-mobile.cz upcmail.cz quick.cz
tiscali.cz t-online.hu upcmail.hu invitel.hu upcmail.ro rdslink.ro clicknet.ro romtelecom.ro
"""
_OF_MANY = frozenset(_OF_MANY_TEXT.split())
# Of one name in Central and Eastern Europe, and in the North, whose domain is a person's.
_SURNAME = re.compile(
    r"[a-z]{2,}(?:[sc]k[iya]|dzk[ia]|[sc]kyj|skaya|ewicz|owicz|wicz|czyk|czak|czuk|enko|ovic|evic"
    r"|ovich|escu|ssen|sson|poulos|opoulou|adze|shvili)"
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})


def company_of_domain(domain: str, name: str = "", local: str = "") -> str:
    """Return the name that a company's domain suggests: ``Acme`` for ``mail.acme.co.uk``.

    :param name: of who writes from there, as shown: a domain that it is made of is that person's.
    :param local: what stands in front of the @.
    :return: ``""`` where many write from the domain, where one person has it, or when in doubt.
    """
    domain = domain.lower().strip(".")
    labels = [label for label in domain.split(".") if label]
    if len(labels) < 2 or _is_nobodys(labels) or is_of_many(domain):
        return ""
    is_below = len(labels) > 2 and labels[-2] in _SECOND_LEVEL
    label = _registered(labels)
    is_word = any(map(str.isalpha, label)) and not label.startswith("xn--")
    if not is_word or labels[-1] == "name" or (is_below and len(label) < _OFFICES_ARE_SHORTER):
        return ""
    if _is_persons(label, name, local):
        return ""
    return " ".join(part.capitalize() for part in label.split("-") if part)


def _is_nobodys(labels):
    return labels[-1] in _RESERVED_ENDS or labels[-1].isdigit() or "]" in labels[-1]


def _registered(labels):
    """Return the label that somebody has registered: ``acme`` of mail.acme.co.uk."""
    is_below = len(labels) > 2 and labels[-2] in _SECOND_LEVEL
    return labels[-3 if is_below else -2]


def is_of_many(domain: str) -> bool:
    """Return whether those who write from a domain need not know each other."""
    domain = domain.lower().strip(".")
    labels = [label for label in domain.split(".") if label]
    if len(labels) > 1 and _registered(labels) in _PLACEHOLDERS:
        return True
    if _SCHOOLS.search(domain) or read_website(domain).is_of_many:
        return True
    above = (".".join(labels[at:]) for at in range(len(labels) - 1))
    return any(is_free_mail(one) or one in _OF_MANY for one in above)


def _is_persons(label, name, local):
    """Tell whether a label is made of the name of the one who writes."""
    is_of_office = is_office(f"{local}@{label}")
    sources = [_words(name), _words(name, _UMLAUTS), _words("" if is_of_office else local)]
    joined = label.replace("-", "")
    for words in sources:
        if len(words) > 1 and joined in _made_of(words):
            return True
        # Of an office, the name that is shown may be that of the company.
        if words and not is_of_office and set(label.split("-")) <= set(words):
            return True
    return bool(local) and not is_of_office and bool(_SURNAME.fullmatch(label))


def _made_of(words):
    """Return how a person writes their name in one word: jankowalski, jkowalski."""
    first, last = words[0], words[-1]
    return {"".join(words), "".join(reversed(words)), first[0] + last, last + first[0]}


def _words(text, letters=None):
    """Return the words of a name as they stand in a domain: in small letters without accents."""
    return re.findall(r"[^\W\d_]+", plain(text.lower().translate(letters or {})))
