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
