"""What an administrator copies to their Asterisk, run by a shell."""

import hashlib
import hmac
import os
import re
import shutil
import subprocess

import pytest
from provider_checks import URL, untranslated

from lead_communications.telephony import asterisk_setup

SHIM = """#!/bin/sh
echo "$0 $*" >> "{log}"
exec {command} "$@"
"""


@pytest.mark.parametrize("secret", ["short", "x" * 64, "y" * 65, "z\u0105" * 100])
def test_script_signs_and_shows_the_secret_to_nobody(tmp_path, secret):
    log, path = tmp_path / "argv.log", tmp_path / "bin"
    path.mkdir()
    for name in ("openssl", "od", "tr", "sed", "wc", "cat", "curl"):
        command = "true" if name == "curl" else shutil.which(name)
        shim = path / name
        shim.write_text(SHIM.format(log=log, command=command))
        shim.chmod(0o755)
    (tmp_path / "secret").write_text(f"{secret}\n")
    steps = asterisk_setup.setup_steps(URL, untranslated)
    lines = steps.splitlines()
    begin = lines.index("    #!/bin/sh")
    script = "\n".join(line[4:] for line in lines[begin : lines.index("    exit 1", begin) + 1])
    script = script.replace(asterisk_setup.SECRET_FILE, str(tmp_path / "secret"))
    (tmp_path / "push").write_text(script)
    body = "event=ring&uniqueid=1"
    environ = {"PATH": f"{path}:{os.environ['PATH']}"}
    subprocess.run(["sh", tmp_path / "push", body], env=environ, check=True, timeout=60)
    seen = log.read_text()
    assert secret not in seen
    t, signature = re.search(r"X-Signature: t=(\d+),v1=([0-9a-f]{64})", seen).groups()
    expected = hmac.new(secret.encode(), f"{t}.{body}".encode(), hashlib.sha256).hexdigest()
    assert signature == expected


class Dialplan:
    """As much of Asterisk as our context needs: Set, Goto, GotoIf and Return on one channel."""

    def __init__(self, steps):
        self.steps, self.labels = {}, {}
        self.variables, self.pushed = {}, []
        extension = ""
        for line in steps.splitlines():
            if match := re.fullmatch(r" +(?:exten => (\w+),1|same => n(?:\((\w+)\))?),(.*)", line):
                extension = match[1] or extension
                here = self.steps.setdefault(extension, [])
                if match[2]:
                    self.labels[extension, match[2]] = len(here)
                here.append(match[3])

    def filled(self, text, arguments):
        known = self.variables | {f"ARG{at}": text for at, text in enumerate(arguments, 1)}
        return re.sub(r"\$\{(\w+)\}", lambda name: known.get(name[1], ""), text)

    def gosub(self, extension, *arguments):
        at = 0
        while True:
            step = self.filled(self.steps[extension][at], arguments)
            at += 1
            if match := re.fullmatch(r"Set\(([A-Z_]+)=(.*)\)", step):
                if "STRREPLACE(" not in match[2]:
                    self.variables[match[1]] = match[2]
            elif step.startswith("System("):
                self.pushed.append(self.variables["LC_BODY"])
            elif match := re.fullmatch(r"Goto\((\w+),1\)", step):
                extension, at = match[1], 0
            elif match := re.fullmatch(r'GotoIf\(\$\["(.*)" != "(.*)"\]\?(\w+)(,1)?\)', step):
                if match[1] != match[2]:
                    extension, at = (
                        (match[3], 0) if match[4] else (extension, self.labels[extension, match[3]])
                    )
            elif step == "Return()":
                return


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("incoming", "221234100", "101"), ("incoming", "102", "102")),
        (("incoming", "221234100", "101"), ("internal", "102", "600100200")),
        (("outgoing", "600100200", "101"), ("incoming", "102", "102")),
    ],
)
def test_second_gosub_of_a_transferred_call_overwrites_nothing(first, second):
    dialplan = Dialplan(asterisk_setup.setup_steps(URL, untranslated))
    dialplan.gosub(*first)
    said = {name: text for name, text in dialplan.variables.items() if name in SAID}
    assert len(said) == len(SAID)
    dialplan.gosub(*second)
    assert {name: dialplan.variables[name] for name in SAID} == said
    # Whoever rings now is told, under the number that was called.
    rings = [body for body in dialplan.pushed if "event=ring" in body]
    assert len(rings) == (2 if first[0] == "incoming" else 0)


SAID = ("LC_DIRECTION", "LC_NUMBER", "LC_AGENT", "LC_START")


def test_dialplan_keeps_who_spoke_before_a_transfer():
    dialplan = Dialplan(asterisk_setup.setup_steps(URL, untranslated))
    dialplan.gosub("incoming", "221234100", "101")
    spoken = {"DIALEDPEERNUMBER": "101", "ANSWEREDTIME": "15", "DIALSTATUS": "ANSWER"}
    dialplan.variables |= spoken | {"EPOCH": "1795817889"}
    dialplan.gosub("incoming", "102", "102")
    assert not any(dialplan.variables[name] for name in spoken), "Dial() says it anew"
    spoken = {"MEMBERINTERFACE": "PJSIP/102", "ANSWEREDTIME": "60", "BRIDGEPEER": "PJSIP/102-1"}
    dialplan.variables |= spoken | {"EPOCH": "1795817949"}
    dialplan.gosub("incoming", "103", "103")
    assert not any(dialplan.variables[name] for name in spoken)
    assert dialplan.variables["LC_SPOKE"] == "|101|15|1795817889~PJSIP/102||60|1795817949~"
