"""Which of somebody else's fields and words stand for ours, as a document that can be exchanged.

The document is JSON::

    {"format": "lead-communications-mapping", "version": 1,
     "name": "Placetel", "source": "https://...",
     "proof": {"kind": "hmac", "header": "X-PLACETEL-SIGNATURE",
               "digest": "sha256", "encoding": "hex"},
     "plus": false,
     "paths": {"id": "call_id", "direction": "direction", "result": "event + type"},
     "values": {"direction": [["in", "incoming"], ["out", "outgoing"]],
                "result": [["CallAccepted*", "talking"], ["HungUp missed", "missed"]]},
     "sample": "..."}

A *path* leads into JSON (``data.call.id``, ``data.users.0.email``) or names a field of a form;
``a | b`` is the first of both that is given, ``a + b`` both with a blank between, ``=incoming`` the
word itself. A *value* is compared without regard to case; ``*`` in it stands for anything.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .payload import PayloadError
from .reading import load_object

FORMAT = "lead-communications-mapping"
VERSION = 1

#: Our fields that a path may lead to; the first three are needed.
FIELDS = (
    "id",
    "direction",
    "result",
    "from",
    "to",
    "number",
    "line",
    "name",
    "extension",
    "start",
    "answer",
    "end",
    "time",
    "duration",
    "talk_seconds",
    "recording",
)
REQUIRED = FIELDS[:3]
#: Our values for the words of others. ``going``: it rings; ``talking``: somebody has answered;
#: ``ignored``: the report is no news of a call. The others end the call.
VALUES = {
    "direction": ("incoming", "outgoing", "internal", "ignored"),
    "result": (
        "going",
        "talking",
        "answered",
        "missed",
        "voicemail",
        "busy",
        "rejected",
        "canceled",
        "failed",
        "ignored",
    ),
}
PROOFS = ("hmac", "bearer", "basic", "header", "token")
DIGESTS = ("sha256", "sha512", "sha1")
ENCODINGS = ("hex", "base64")

MAX_LENGTH = 200
MAX_VALUES = 100
MAX_STARS = 3
MAX_SAMPLE = 20_000
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CallMapping:
    """What a telephone system's words mean, and how it proves that they are its own."""

    #: Of :data:`FIELDS`.
    paths: Mapping[str, str]
    #: Their word and ours, in the order in which they are tried, by ``direction`` and ``result``.
    values: Mapping[str, list[tuple[str, str]]]
    proof: str = "hmac"
    header: str = "X-Signature"
    digest: str = "sha256"
    encoding: str = "hex"
    #: Their numbers are international ones without the plus.
    plus: bool = False
    name: str = ""
    #: Where its fields are documented.
    source: str = ""
    sample: str = ""

    def missing(self) -> list[str]:
        """Return which of the needed fields no path leads to."""
        return [name for name in REQUIRED if not self.paths.get(name, "").strip()]

    def value(self, name: str, theirs: str) -> str:
        """Return our word for ``theirs``.

        :raise PayloadError: the table does not have it.
        """
        for pattern, ours in self.values.get(name, ()):
            if _matches(pattern, theirs):
                return ours
        raise PayloadError(name, f"“{theirs[:80]}” is not in the table of values for {name}.")

    def dump(self) -> str:
        """Return the document."""
        document = {
            "format": FORMAT,
            "version": VERSION,
            "name": self.name,
            "source": self.source,
            "proof": {
                "kind": self.proof,
                "header": self.header,
                "digest": self.digest,
                "encoding": self.encoding,
            },
            "plus": self.plus,
            "paths": dict(self.paths),
            "values": {name: [list(pair) for pair in pairs] for name, pairs in self.values.items()},
            "sample": self.sample,
        }
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def is_header(name: str) -> bool:
    """Tell whether ``name`` can be that of a header."""
    return bool(_HEADER.fullmatch(name))


def _matches(pattern: str, text: str) -> bool:
    """Tell whether ``text`` is what ``pattern`` says; few stars keep this fast."""
    parts = pattern.strip().lower().split("*")
    if len(parts) > MAX_STARS + 1:
        return False
    expression = ".*".join(map(re.escape, parts))
    return bool(re.fullmatch(expression, text.strip().lower()[:MAX_LENGTH], re.DOTALL))


# ---- DOCUMENTS ----


def load(raw: bytes | str, env) -> CallMapping:
    """Return the mapping in a document.

    :param env: translates what is wrong with it, as ``env._``.
    :raise PayloadError: it is none; the message says in words where.
    """
    try:
        document = load_object(raw)
    except PayloadError as error:
        raise PayloadError(error.code, env._("This is not a JSON file with a mapping.")) from error
    if document.get("format") != FORMAT:
        raise PayloadError("format", env._("This is not a JSON file with a mapping."))
    if document.get("version") != VERSION:
        raise PayloadError("version", env._("The mapping is of a version that is not known here."))
    proof = _object(document, "proof", env)
    mapping = CallMapping(
        paths=_paths(document, env),
        values=_values(document, env),
        proof=_choice(proof, "kind", PROOFS, env),
        header=_text(proof, "header", env) or "X-Signature",
        digest=_choice({"digest": "sha256"} | proof, "digest", DIGESTS, env),
        encoding=_choice({"encoding": "hex"} | proof, "encoding", ENCODINGS, env),
        plus=document.get("plus") is True,
        name=_text(document, "name", env),
        source=_text(document, "source", env),
        sample=_text(document, "sample", env, MAX_SAMPLE),
    )
    if not is_header(mapping.header):
        raise PayloadError("header", env._("“%s” is not the name of a header.", mapping.header))
    if missing := mapping.missing():
        raise PayloadError("paths", env._("There is no path for: %s.", ", ".join(missing)))
    return mapping


def _paths(document: Mapping[str, Any], env) -> dict[str, str]:
    paths = _object(document, "paths", env)
    if unknown := [name for name in paths if name not in FIELDS]:
        raise PayloadError("paths", env._("“%s” is none of our fields.", unknown[0][:40]))
    return {name: _text(paths, name, env) for name in paths}


def _values(document: Mapping[str, Any], env) -> dict[str, list[tuple[str, str]]]:
    tables = _object(document, "values", env)
    if unknown := [name for name in tables if name not in VALUES]:
        raise PayloadError("values", env._("“%s” has no table of values.", unknown[0][:40]))
    return {name: _table(name, tables[name], env) for name in tables}


def _table(name: str, rows: Any, env) -> list[tuple[str, str]]:
    if not isinstance(rows, list) or len(rows) > MAX_VALUES:
        raise PayloadError("values", env._("The table of values of “%s” is not a list.", name))
    table = []
    for row in rows:
        if not isinstance(row, list) or len(row) != 2:
            raise PayloadError(
                "values", env._("A row of the table of “%s” is not their value and ours.", name)
            )
        theirs, ours = (_text({"value": cell}, "value", env) for cell in row)
        if ours not in VALUES[name]:
            raise PayloadError(
                "values",
                env._(
                    "“%(value)s” is none of our values for “%(name)s”: %(known)s.",
                    value=ours,
                    name=name,
                    known=", ".join(VALUES[name]),
                ),
            )
        if theirs.count("*") > MAX_STARS:
            raise PayloadError("values", env._("“%s” has too many asterisks.", theirs))
        table.append((theirs, ours))
    return table


def _object(document: Mapping[str, Any], name: str, env) -> dict[str, Any]:
    value = document.get(name)
    if not isinstance(value, dict):
        raise PayloadError(name, env._("“%s” is missing in the file.", name))
    return value


def _text(fields: Mapping[str, Any], name: str, env, longest: int = MAX_LENGTH) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        raise PayloadError(name, env._("“%s” is not a text, or too long.", name))
    return value


def _choice(fields: Mapping[str, Any], name: str, known: tuple[str, ...], env) -> str:
    value = _text(fields, name, env)
    if value not in known:
        raise PayloadError(
            name,
            env._(
                "“%(value)s” is none of: %(known)s.",
                value=value,
                known=", ".join(known),
            ),
        )
    return value


# ---- PRESETS ----


class _English:
    """Stands for an environment where nothing is shown to anybody."""

    def _(self, text, *values, **named):
        return text % (named or values)


@cache
def presets() -> dict[str, CallMapping]:
    """Return the mappings that come with the addon, by the name of their file."""
    folder = Path(__file__).parent / "presets"
    return {
        path.stem: load(path.read_bytes(), _English()) for path in sorted(folder.glob("*.json"))
    }
