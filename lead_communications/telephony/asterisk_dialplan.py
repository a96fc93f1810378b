"""What an administrator puts on their Asterisk: it writes down that a call rings, and how it ended.

No step of the dialplan starts a process or waits: a line is appended to a file, and a service of
its own signs and sends what is in it. (``System()`` before each ``Dial()`` costs calls once there
are some a second.) ``FILE`` appends a line by one write (Asterisk's ``funcs/func_env.c``).
"""

from string import Template

#: The file on the PBX that holds the secret: the dialplan, the process list and this text stay
#: without it.
SECRET_FILE = "/etc/asterisk/lead-communications.secret"
#: Where the dialplan writes and the service reads; what could not be sent yet stays here.
QUEUE = "/var/spool/asterisk/lead-communications"
SEND_SCRIPT = "/usr/local/bin/lead-communications-send"
SERVICE = "lead-communications-send"

_INSTALL = Template(
    """    install -m 600 -o asterisk /dev/null $secret_file
    editor $secret_file
    install -d -m 700 -o asterisk $queue"""
)

_SCRIPT = Template(
    r"""    #!/bin/sh
    # Sends what the dialplan has written into the queue; runs as a service.
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
    # Sends the file $$1 and prints the status of the answer.
    post() {
        t=$$(date +%s)
        signature=$$({ printf '%s.' "$$t"; cat "$$1"; } | sign | sed 's/^.*= //')
        curl -sS --max-time 30 -o /dev/null -w '%{http_code}' \
            -H "X-Signature: t=$$t,v1=$$signature" --data-binary "@$$1" '$url'
    }
    [ -s $secret_file ] && cd $queue || exit 1
    while :; do
        [ -e taken ] || [ ! -s calls ] || mv calls taken
        # Whoever had opened the file before has written their line by then.
        sleep 0.5
        if [ -e taken ]; then
            # Killed in between, it does all of it again: what is sent twice is one call.
            rm -f new.*
            split -l 200 -a 4 taken new.
            now=$$(date +%s)
            for part in new.*; do mv "$$part" "send.$$now.$${part#new.}"; done
            rm taken
        fi
        for part in send.*; do
            [ -e "$$part" ] || break
            case "$$(post "$$part")" in
                200) rm "$$part" ;;
                400) mv "$$part" "refused.$${part#send.}" ;;
                *) sleep 10; break ;;
            esac
        done
    done"""
)

_UNIT = Template(
    """    [Unit]
    Description=Reports the calls of Asterisk to Odoo
    After=network-online.target
    [Service]
    User=asterisk
    ExecStart=$script
    Restart=always
    RestartSec=5
    [Install]
    WantedBy=multi-user.target"""
)

_TEST_CALL = "channel originate Local/test@lead-communications application NoOp"

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
    ; A call that is transferred comes here again: what was said first stays, whoever rings now.
    exten => again,1,Set(LC_RINGS=$${ARG2})
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
     same => n,Set(FILE($queue/calls,,,al,u)=$${LC_BODY})
     same => n(done),Return()
    ; To see whether reports arrive: no call is made of it.
    exten => test,1,Set(LC_BODY=event=test&start=$${EPOCH}&uniqueid=$${UNIQUEID})
     same => n,Set(LC_BODY=$${LC_BODY}&system=$${URIENCODE($${SYSTEMNAME})})
     same => n,Set(FILE($queue/calls,,,al,u)=$${LC_BODY})
     same => n,Hangup()
    ; Values of variables, not of CDR(): a hangup handler may see a fresh CDR.
    exten => hangup,1,Set(LC_BODY=event=hangup&direction=$${LC_DIRECTION})
     same => n,Set(LC_BODY=$${LC_BODY}&uniqueid=$${UNIQUEID}&linkedid=$${CHANNEL(linkedid)})
     same => n,Set(LC_BODY=$${LC_BODY}&src=$${URIENCODE($${CALLERID(num)})})
     same => n,Set(LC_BODY=$${LC_BODY}&name=$${URIENCODE($${CALLERID(name)})})
     same => n,Set(LC_BODY=$${LC_BODY}&did=$${URIENCODE($${LC_NUMBER})})
     same => n,Set(LC_BODY=$${LC_BODY}&agent=$${URIENCODE($${LC_AGENT})})
     same => n,Set(LC_BODY=$${LC_BODY}&member=$${URIENCODE($${MEMBERINTERFACE})})
     same => n,Set(LC_BODY=$${LC_BODY}&peer=$${URIENCODE($${DIALEDPEERNUMBER})}&start=$${LC_START})
     same => n,Set(LC_BODY=$${LC_BODY}&end=$${EPOCH}&answered=$${ANSWEREDTIME})
     same => n,Set(LC_BODY=$${LC_BODY}&dialstatus=$${DIALSTATUS}&vmstatus=$${VMSTATUS})
     same => n,Set(LC_BODY=$${LC_BODY}&cause=$${HANGUPCAUSE})
     same => n,Set(LC_BODY=$${LC_BODY}&recording=$${URIENCODE($${LC_RECORDING})})
     same => n,Set(FILE($queue/calls,,,al,u)=$${LC_BODY})
     same => n,Return()"""
)


def sending_steps(url: str, env) -> list[str]:
    """Return the steps that let the machine of Asterisk send what the dialplan writes down.

    :param url: the address that the PBX reports to.
    :param env: translates by its ``_``.
    """
    values = {"secret_file": SECRET_FILE, "queue": QUEUE, "script": SEND_SCRIPT, "url": url}
    return [
        env._("1. SECRET AND QUEUE")
        + "\n"
        + env._("Put the secret of this page, and nothing else, in a file of its own:"),
        _INSTALL.substitute(values),
        env._("2. SERVICE")
        + "\n"
        + env._("Save as %(script)s, then: chmod 755 %(script)s", script=SEND_SCRIPT)
        + "\n"
        + env._(
            "It needs curl and openssl. It signs and sends what the dialplan has written down;"
            " while Odoo cannot be reached, that waits in the queue."
        ),
        _SCRIPT.substitute(values),
        env._("and save as /etc/systemd/system/%(service)s.service:", service=SERVICE),
        _UNIT.substitute(values),
        env._("then start it:"),
        f"    systemctl enable --now {SERVICE}",
    ]


def test_steps(env) -> list[str]:
    """Return the steps by which the dialplan is loaded, and how to see that reports arrive."""
    return [
        env._("4. LOAD AND TEST") + '\n    asterisk -rx "dialplan reload"',
        env._("Send a test report. What arrived is shown below; no call is made of it."),
        f'    asterisk -rx "{_TEST_CALL}"',
        env._(
            "Call one of your numbers: whom it is for sees on the screen who is calling, and the"
            " call shows up in Calls."
        ),
    ]


def dialplan() -> str:
    """Return the context that the dialplan calls, indented as all that is to be copied."""
    return _DIALPLAN.substitute(queue=QUEUE)
