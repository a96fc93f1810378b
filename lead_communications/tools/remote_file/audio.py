"""Which files are recordings, and what a browser is told that they are."""

import re

from .errors import RemoteFileError

OCTETS = "application/octet-stream"

#: What a server may call audio, and what a browser is told that it is.
_TYPES = {
    "audio/aac": "audio/aac",
    "audio/flac": "audio/flac",
    "audio/mp3": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
    "audio/vnd.wave": "audio/wav",
    "audio/wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/webm": "audio/webm",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
}
_SUFFIXES = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "webm": "audio/webm",
}
#: Pages of a login and playlists: a browser would follow the addresses in them.
_NO_AUDIO = re.compile(rb"\A(\xef\xbb\xbf)?\s*(<|#EXTM3U|\[playlist\])", re.IGNORECASE)


def suffix(content_type: str) -> str:
    """Return how the name of a file of that type ends: ``.wav``; nothing if that is unknown."""
    return next((f".{end}" for end, kind in _SUFFIXES.items() if kind == content_type), "")


def audio_type(headers, path):
    """Return the type of the file at ``path`` that came with ``headers``, if it may be audio.

    :raise RemoteFileError: it is something else, or encoded in a way that nobody asked for.
    """
    given = headers.get_content_type() if "Content-Type" in headers else ""
    encoding = headers.get("Content-Encoding", "identity").strip().lower()
    is_octets = given in ("", OCTETS, "binary/octet-stream")
    if encoding != "identity" or not (is_octets or given.startswith("audio/")):
        raise RemoteFileError("wrong_type", "What the server sent is no recording.")
    return _TYPES.get(given) or _SUFFIXES.get(path.rpartition(".")[2].lower(), OCTETS)


def check_head(head):
    """Raise RemoteFileError when the first bytes of a file are those of a page or a playlist."""
    if _NO_AUDIO.match(head):
        raise RemoteFileError("wrong_type", "What the server sent is no recording.")
