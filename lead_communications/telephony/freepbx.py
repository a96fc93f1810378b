"""FreePBX, and what is built on it: an Asterisk whose dialplan is generated.

It reports as any Asterisk does; what is written by hand goes into files of its own, which FreePBX
leaves alone. Sources: ``etc/extensions.conf`` (the hooks, and where ``extensions_custom.conf`` is
included), ``Dialplan/macroDialone.php``, ``Dialplan/macroDial.php`` and ``functions.inc.php`` (what
the channel's variables hold there) of FreePBX's module ``core``.
"""

from .asterisk import SIGNATURE_HEADER, parse, sent_at, sign, verify
from .asterisk_dialplan import dialplan, sending_steps, test_steps

__all__ = [
    "LABEL",
    "SECRET_IS_GIVEN",
    "SIGNATURE_HEADER",
    "parse",
    "sent_at",
    "setup_steps",
    "sign",
    "verify",
]

LABEL = "FreePBX"
SECRET_IS_GIVEN = False

# An incoming call that is forwarded to a mobile goes out by a trunk, under the number it came to.
_HOOKS = """    [macro-dialout-one-predial-hook]
    exten => s,1,GotoIf($["${FROM_DID}" = ""]?inside)
     same => n,Gosub(lead-communications,incoming,1(${FROM_DID},${DEXTEN}))
     same => n,Return()
     same => n(inside),Gosub(lead-communications,internal,1(${DEXTEN},${AMPUSER}))
     same => n,Return()
    [macro-dial-ringall-predial-hook]
    exten => s,1,GotoIf($["${FROM_DID}" = ""]?inside)
     same => n,Gosub(lead-communications,incoming,1(${FROM_DID},))
     same => n(inside),Return()
    [macro-dial-hunt-predial-hook]
    exten => s,1,GotoIf($["${FROM_DID}" = ""]?inside)
     same => n,Gosub(lead-communications,incoming,1(${FROM_DID},))
     same => n(inside),Return()
    [macro-dialout-trunk-predial-hook]
    exten => s,1,GotoIf($["${FROM_DID}" = ""]?outside)
     same => n,Gosub(lead-communications,incoming,1(${FROM_DID},))
     same => n,Return()
     same => n(outside),Gosub(lead-communications,outgoing,1(${DIAL_NUMBER},${AMPUSER}))
     same => n,Return()"""

_MANAGER = """    [odoo]
    secret=...
    deny=0.0.0.0/0.0.0.0
    permit=127.0.0.0/255.0.0.0
    read=call,cdr
    write="""

_CDR_MANAGER = """    [general]
    enabled=yes
    [mappings]
    linkedid => LinkedID
    recordingfile => RecordingFile
    did => DID"""

_LOAD = """    asterisk -rx "module load cdr_manager"
    asterisk -rx "manager reload\""""

_EXPORT = """    mysql --batch asteriskcdrdb > calls.tsv -e "SELECT calldate, clid, src, dst,
    dcontext, channel, dstchannel, lastapp, lastdata, duration, billsec, disposition, uniqueid,
    linkedid, did, recordingfile, cnum, cnam FROM cdr WHERE calldate >= '2026-01-01'\""""


def setup_steps(url: str, env) -> str:
    """Return the steps on the PBX as plain text, without the secret.

    :param url: the address that the PBX reports to.
    :param env: translates by its ``_``.
    """
    steps = [*sending_steps(url, env), *_hook_steps(env), *_table_steps(env), *_manager_steps(env)]
    return "\n\n".join(steps)


def _hook_steps(env) -> list[str]:
    return [
        env._("3. DIALPLAN")
        + "\n"
        + env._(
            "FreePBX generates its dialplan, and calls hooks of yours before it dials. Add to"
            " /etc/asterisk/extensions_custom.conf, which it leaves alone:"
        ),
        dialplan(),
        _HOOKS,
        env._(
            "Up to FreePBX 16, write MacroExit() in place of each Return() of the hooks. If one of"
            " them is there already, put the line with Gosub into it."
        ),
        *test_steps(env),
    ]


def _table_steps(env) -> list[str]:
    return [
        env._("5. CALLS FROM BEFORE")
        + "\n"
        + env._(
            "Callers who give up in a menu or a queue pass by the hooks, but the CDR has every"
            " call. Export it on the machine of FreePBX and import the file with the button Import"
            " Calls. Calls that are already there are not doubled."
        ),
        _EXPORT,
    ]


def _manager_steps(env) -> list[str]:
    return [
        env._("WITHOUT ANYTHING IN THE DIALPLAN")
        + "\n"
        + env._(
            "In place of the steps 2 to 4, the listener of the addon (docs/telephony.md) reports"
            " every call, those that are given up too. Add to /etc/asterisk/manager_custom.conf:"
        ),
        _MANAGER,
        env._("and put into /etc/asterisk/cdr_manager.conf:"),
        _CDR_MANAGER,
        env._("A module that was switched off has to be loaded, not only reloaded:"),
        _LOAD,
    ]
