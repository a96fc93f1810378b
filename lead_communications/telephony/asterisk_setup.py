"""What an administrator does on an Asterisk whose dialplan is written by hand."""

from string import Template

from .asterisk_dialplan import dialplan, sending_steps, test_steps

_DIAL = """    same => n,Gosub(lead-communications,incoming,1(${EXTEN},101))
    same => n,Dial(PJSIP/101,30)

    same => n,Gosub(lead-communications,outgoing,1(${EXTEN},${CALLERID(num)}))
    same => n,Dial(PJSIP/${EXTEN}@carrier,60)"""

_CDR_CONF = """    [general]
    endbeforehexten=yes
    unanswered=yes
    congestion=yes"""

_CDR_CUSTOM_CONF = Template(
    """    [mappings]
    lead-communications.csv => $cdr_mapping"""
)

#: The columns of the CDR file that we tell to write (``cdr_custom.conf``), in their order.
CDR_COLUMNS = [
    "clid",
    "src",
    "dst",
    "dcontext",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "accountcode",
    "uniqueid",
    "linkedid",
    "sequence",
    "recordingfile",
    "hangupcause",
]
_CDR_MAPPING = ",".join(f"${{CSV_QUOTE(${{CDR({name})}})}}" for name in CDR_COLUMNS)


def setup_steps(url: str, env) -> str:
    """Return the steps on the PBX as plain text, without the secret.

    :param url: the address that the PBX reports to.
    :param env: translates by its ``_``.
    """
    return "\n\n".join([*sending_steps(url, env), *_dialplan_steps(env), *_cdr_steps(env)])


def _dialplan_steps(env) -> list[str]:
    return [
        env._("3. DIALPLAN") + "\n" + env._("Add to /etc/asterisk/extensions.conf:"),
        dialplan(),
        env._("and one line before the Dial() or Queue() of your own contexts, for example:"),
        _DIAL,
        env._(
            "For a queue leave the extension out, and set setinterfacevar=yes in queues.conf: who"
            " answers is reported then. If you record, set LC_RECORDING to the name of the file."
        ),
        *test_steps(env),
    ]


def _cdr_steps(env) -> list[str]:
    return [
        env._("5. CALLS FROM BEFORE")
        + "\n"
        + env._(
            "The CDR has every call, also those that passed by the lines above: import its file"
            " with the button Import Calls. Calls that are already there are not doubled. Set in"
            " cdr.conf:"
        ),
        _CDR_CONF,
        env._(
            "and in cdr_custom.conf, in one line (Asterisk's own Master.csv has no linkedid,"
            " without which the legs of a call stay apart):"
        ),
        _CDR_CUSTOM_CONF.substitute(cdr_mapping=_CDR_MAPPING),
        env._("then restart Asterisk. The file grows in /var/log/asterisk/cdr-custom."),
    ]
