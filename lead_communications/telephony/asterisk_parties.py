"""Who of the two ends of a call of Asterisk is outside, by what is known of them.

The CDR has no direction. What is known counts first: the telephones and own numbers under Lines,
the trunks of the telephone system, and what the system itself has recorded (the number that was
called from outside, the trunk, the context that FreePBX keeps for trunks). Names and lengths of
numbers are looked at only where nothing is known, and never make a call internal by themselves:
what is unsure is a call from outside, for somebody to decide.
"""

import re
from collections.abc import Mapping

from ..tools.dialled import behind_code
from ..tools.phone import is_extension
from .asterisk_fields import endpoint, is_local, telephone
from .reading import is_number
from .site import Site

#: The contexts of FreePBX, Issabel and Grandstream that a call from a trunk begins in.
_FROM_TRUNK = re.compile(
    r"from-(?:trunk|pstn|did|zaptel|dahdi|analog|digital|sip-external|iax-external)\b|ext-did\b",
    re.IGNORECASE,
)
_FROM_TELEPHONE = re.compile(r"from-internal\b", re.IGNORECASE)
#: Shorter ends of numbers are alike by chance.
_LEAST_ALIKE = 6


def direction(row: Mapping[str, str], site: Site) -> str:
    """Return the direction of the call that a record or event is about.

    :param row: by the names of Asterisk's CDR fields.
    """
    if not _is_called_from_inside(row, site):
        return "incoming"
    return "outgoing" if _goes_outside(row, site) else "internal"


def _is_called_from_inside(row: Mapping[str, str], site: Site) -> bool:
    channel, src, dst = (row.get(name, "") for name in ("channel", "src", "dst"))
    name = "" if is_local(channel) else endpoint(channel)
    context = row.get("dcontext", "")
    if row.get("did") or row.get("srctrunk") or site.is_trunk(name):
        return False  # FreePBX fills the DID for calls from outside only
    if name in site.extensions:
        return True
    if _FROM_TRUNK.match(context):
        return False
    if site.is_ours(src):
        return True
    if site.is_own_number(dst):
        return False  # nobody of ours is known to have called it
    if is_extension(name) and name == src:
        return True  # a telephone that shows its own number
    if _is_dialled_outside(row, site):
        return True
    if _FROM_TELEPHONE.match(context):
        return True
    if is_extension(name):
        # A telephone, or a trunk that is named by an account: as long as no telephones are known,
        # the other end tells.
        other = _called(row)
        return not site.extensions and (
            not is_number(src) or bool(other and is_number(dst) and not is_extension(other))
        )
    # A short number (of a taxi company, say) calls a DID that rings at an extension: from outside.
    return is_number(dst) and is_extension(src) and not is_extension(_called(row))


def _called(row: Mapping[str, str]) -> str:
    return telephone(row.get("dstchannel", ""))


def _goes_outside(row: Mapping[str, str], site: Site) -> bool:
    """Tell whether a call of one of us went to the outside."""
    dst, name = telephone(row.get("dst", "")), _called(row)
    if row.get("dsttrunk") or site.is_trunk(name):
        return True
    if name in site.extensions or site.is_ours(dst):
        return False
    if is_number(behind_code(dst, site.country_code)) or _is_dialled_outside(row, site):
        return True
    if not name or is_local(row.get("dstchannel", "")):
        return False  # it met no other channel: a queue, a voicemail, a service
    return name != dst and not is_extension(name)


def _is_dialled_outside(row: Mapping[str, str], site: Site) -> bool:
    """Tell whether the number that was called is the one that was dialled on a trunk."""
    dst = re.sub(r"\D", "", behind_code(row.get("dst", ""), site.country_code))
    if not dst:
        return False
    for target in row.get("lastdata", "").partition(",")[0].split("&"):
        # PJSIP/600100004@carrier, SIP/carrier/600100004, PJSIP/carrier/sip:600100004@host
        technology, _slash, rest = target.partition("/")
        if technology.lower() == "local":
            continue
        for part in re.split(r"[/@:]", rest):
            digits = re.sub(r"\D", "", part)
            if part.strip("+#*0123456789"):
                continue
            if digits == dst and (len(rest) > len(part) or is_number(dst)):
                return True
            alike = min(len(digits), len(dst))
            if alike >= _LEAST_ALIKE and (digits.endswith(dst) or dst.endswith(digits)):
                return True
    return False


def is_aside(row: Mapping[str, str], direction: str) -> bool:
    """Tell whether colleagues speak among themselves: before one of them takes a call over."""
    return direction == "internal" and not is_local(row.get("channel", ""))
