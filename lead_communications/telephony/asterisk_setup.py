"""What an administrator puts on their Asterisk: it reports that a call rings, and how it ended."""

from string import Template

#: The file on the PBX that holds the secret: the dialplan, the process list and this text stay
#: without it.
SECRET_FILE = "/etc/asterisk/lead-communications.secret"
PUSH_SCRIPT = "/usr/local/bin/lead-communications-push"

_SECRET_FILE = Template(
    """    install -m 600 -o asterisk /dev/null $secret_file
    editor $secret_file"""
)

_SCRIPT = Template(
    r"""    #!/bin/sh
    # Usage: lead-communications-push BODY
    # HMAC-SHA256 in its two steps: all users of this machine read in the list of processes what
    # openssl is given as an option, so the secret goes through pipes.
    secret() { tr -d '\r\n' < $secret_file; }
    key() {
        if [ "$$(secret | wc -c)" -le 64 ]; then secret; return; fi
        secret | openssl dgst -sha256 -binary
    }
    # The key as a block of 64 bytes, each of them XOR $$1.
    block() {
        left=64
        for byte in $$(key | od -An -v -tu1); do
            printf "\\$$(printf '%03o' $$((byte ^ $$1)))"
            left=$$((left - 1))
        done
        while [ "$$left" -gt 0 ]; do
            printf "\\$$(printf '%03o' "$$1")"
            left=$$((left - 1))
        done
    }
    inner() { { block 54; cat; } | openssl dgst -sha256 -binary; }
    sign() { { block 92; inner; } | openssl dgst -sha256; }
    [ -s $secret_file ] || exit 1
    for pause in 0 2 10 60 300; do
        sleep "$$pause"
        t=$$(date +%s)
        signature=$$(printf '%s.%s' "$$t" "$$1" | sign | sed 's/^.*= //')
        curl -sS --fail --max-time 10 -o /dev/null -H "X-Signature: t=$$t,v1=$$signature" \
            --data-raw "$$1" '$url' && exit 0
    done
    exit 1"""
)

_DIALPLAN = Template(
    r"""    [lead-communications]
    ; Gosub(lead-communications,incoming,1(number that was called,extension it is for))
    exten => incoming,1,GotoIf($$["$${LC_DIRECTION}" != ""]?again,1)
     same => n,Set(LC_DIRECTION=inbound)
     same => n,Goto(watch,1)
    ; Gosub(lead-communications,outgoing,1(number to call,extension that calls))
    exten => outgoing,1,GotoIf($$["$${LC_DIRECTION}" != ""]?again,1)
     same => n,Set(LC_DIRECTION=outbound)
     same => n,Goto(watch,1)
    ; Gosub(lead-communications,internal,1(extension to call,extension that calls))
    exten => internal,1,GotoIf($$["$${LC_DIRECTION}" != ""]?again,1)
     same => n,Set(LC_DIRECTION=internal)
     same => n,Goto(watch,1)
    ; A call that is transferred comes here again: what was said first stays, whoever rings now. Who
    ; spoke is kept, and how long; Queue() and Dial() are to say it anew.
    exten => again,1,Set(LC_RINGS=$${ARG2})
     same => n,Set(LC_SPOKE=$${LC_SPOKE}$${MEMBERINTERFACE}|$${DIALEDPEERNUMBER})
     same => n,Set(LC_SPOKE=$${LC_SPOKE}|$${ANSWEREDTIME}|$${EPOCH}~)
     same => n,Set(MEMBERINTERFACE=)
     same => n,Set(DIALEDPEERNUMBER=)
     same => n,Set(ANSWEREDTIME=)
     same => n,Set(DIALSTATUS=)
     same => n,Set(BRIDGEPEER=)
     same => n,Goto(ring,1)
    exten => watch,1,Set(LC_NUMBER=$${ARG1})
     same => n,Set(LC_AGENT=$${ARG2})
     same => n,Set(LC_START=$${EPOCH})
     same => n,Set(LC_RINGS=$${ARG2})
     same => n,Set(CHANNEL(hangup_handler_push)=lead-communications,hangup,1)
     same => n,Goto(ring,1)
    exten => ring,1,GotoIf($$["$${LC_DIRECTION}" != "inbound"]?done)
     same => n,Set(LC_BODY=event=ring&direction=$${LC_DIRECTION}&start=$${LC_START})
     same => n,Set(LC_BODY=$${LC_BODY}&uniqueid=$${UNIQUEID}&linkedid=$${CHANNEL(linkedid)})
     same => n,Set(LC_BODY=$${LC_BODY}&src=$${URIENCODE($${CALLERID(num)})})
     same => n,Set(LC_BODY=$${LC_BODY}&name=$${URIENCODE($${CALLERID(name)})})
     same => n,Set(LC_BODY=$${LC_BODY}&did=$${URIENCODE($${LC_NUMBER})})
     same => n,Set(LC_BODY=$${LC_BODY}&agent=$${URIENCODE($${LC_RINGS})})
     same => n,Set(LC_BODY=$${STRREPLACE(LC_BODY,',%27)})
     same => n,System($script '$${LC_BODY}' &)
     same => n(done),Return()
    ; Values of variables, not of CDR(): a hangup handler may see a fresh CDR.
    exten => hangup,1,Set(LC_BODY=event=hangup&direction=$${LC_DIRECTION})
     same => n,Set(LC_BODY=$${LC_BODY}&uniqueid=$${UNIQUEID}&linkedid=$${CHANNEL(linkedid)})
     same => n,Set(LC_BODY=$${LC_BODY}&src=$${URIENCODE($${CALLERID(num)})})
     same => n,Set(LC_BODY=$${LC_BODY}&name=$${URIENCODE($${CALLERID(name)})})
     same => n,Set(LC_BODY=$${LC_BODY}&did=$${URIENCODE($${LC_NUMBER})})
     same => n,Set(LC_BODY=$${LC_BODY}&agent=$${URIENCODE($${LC_AGENT})})
     same => n,Set(LC_BODY=$${LC_BODY}&member=$${URIENCODE($${MEMBERINTERFACE})})
     same => n,Set(LC_BODY=$${LC_BODY}&peer=$${URIENCODE($${DIALEDPEERNUMBER})}&start=$${LC_START})
     same => n,Set(LC_BODY=$${LC_BODY}&bridged=$${URIENCODE($${BRIDGEPEER})})
     same => n,Set(LC_BODY=$${LC_BODY}&spoke=$${URIENCODE($${LC_SPOKE})})
     same => n,Set(LC_BODY=$${LC_BODY}&end=$${EPOCH}&answered=$${ANSWEREDTIME})
     same => n,Set(LC_BODY=$${LC_BODY}&dialstatus=$${DIALSTATUS}&vmstatus=$${VMSTATUS})
     same => n,Set(LC_BODY=$${LC_BODY}&cause=$${HANGUPCAUSE})
     same => n,Set(LC_BODY=$${LC_BODY}&recording=$${URIENCODE($${LC_RECORDING})})
    ; URIENCODE leaves the apostrophe: in O'Brien it would end the shell's quotation.
     same => n,Set(LC_BODY=$${STRREPLACE(LC_BODY,',%27)})
     same => n,System($script '$${LC_BODY}' &)
     same => n,Return()"""
)

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
    values = {
        "url": url,
        "secret_file": SECRET_FILE,
        "script": PUSH_SCRIPT,
        "cdr_mapping": _CDR_MAPPING,
    }
    return "\n\n".join([*_push_steps(values, env), *_cdr_steps(values, env)])


def _push_steps(values: dict[str, str], env) -> list[str]:
    return [
        env._("1. SECRET") + "\n" + env._("Put the secret of this page, and nothing else, in:"),
        _SECRET_FILE.substitute(values),
        env._("2. SCRIPT")
        + "\n"
        + env._("Save as %(script)s, then: chmod 755 %(script)s", script=PUSH_SCRIPT)
        + "\n"
        + env._(
            "It needs curl and openssl. It signs each report and tries again while Odoo cannot be"
            " reached."
        ),
        _SCRIPT.substitute(values),
        env._("3. DIALPLAN") + "\n" + env._("Add to /etc/asterisk/extensions.conf:"),
        _DIALPLAN.substitute(values),
        env._("and one line before the Dial() or Queue() of your own contexts, for example:"),
        _DIAL,
        env._(
            "For a queue leave the extension out, and set setinterfacevar=yes in queues.conf: who"
            " answers is reported then. If you record, set LC_RECORDING to the name of the file."
        ),
        env._("4. LOAD") + '\n    asterisk -rx "dialplan reload"',
        env._(
            "Call one of your numbers: whom it is for sees on the screen who is calling, and the"
            " call shows up in Calls."
        ),
    ]


def _cdr_steps(values: dict[str, str], env) -> list[str]:
    return [
        env._("5. CALLS THAT WERE MISSED MEANWHILE")
        + "\n"
        + env._(
            "The reports of an outage longer than some minutes are lost, but the CDR has every"
            " call: import the CDR file with the button Import Calls. Calls that are already there"
            " are not doubled. Set in cdr.conf:"
        ),
        _CDR_CONF,
        env._(
            "and in cdr_custom.conf, in one line (Asterisk's own Master.csv has no linkedid,"
            " without which the legs of a call stay apart):"
        ),
        _CDR_CUSTOM_CONF.substitute(values),
        env._("then restart Asterisk. The file grows in /var/log/asterisk/cdr-custom."),
    ]
