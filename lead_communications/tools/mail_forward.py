"""Who wrote an email that somebody else forwarded, as mail programs write it into the text."""

import re
from collections.abc import Callable
from typing import NamedTuple

from .mail_headers import Party, parties

#: Lines of the text that are looked at, and characters of each.
LINE_LIMIT = 300
LINE_LENGTH = 500
#: Lines that a person writes above what is forwarded without a mark in the subject.
NOTE_LINES = 8

_LABELS = {
    "from": "from, od, von, de, da, van, от, від, nadawca, absender, mittente, expéditeur,"
    " remitente, afzender, odesílatel, odosielateľ, отправитель, відправник, от кого, від кого",
    "date": "date, sent, data, datum, fecha, дата, wysłano, wysłane, data wysłania, gesendet,"
    " gesendet am, envoyé, envoyé le, date d'envoi, enviado, enviado el, enviado em, inviato,"
    " inviato il, data invio, verzonden, verzonden op, odesláno, odoslané, отправлено,"
    " дата отправки, надіслано, дата надсилання",
    "to": "to, do, an, à, a, para, aan, komu, кому, adresat, odbiorca, pour, destinataire,"
    " destinatario, empfänger, ontvanger, příjemce, pre, получатель, одержувач",
    "cc": "cc, bcc, dw, udw, kopia, do wiadomości, kopie, copie à, ccn,"  # codespell:ignore copie
    " копия, копія, в копии,"
    " reply-to, odpowiedz do, répondre à, antwort an, rispondi a, responder a",
    "subject": "subject, temat, betreff, objet, sujet,"  # codespell:ignore objet
    " asunto, oggetto, onderwerp, předmět, predmet, тема, assunto",
}
_FORWARDED = {
    "forwarded message", "forwarded mail", "begin forwarded message", "start of forwarded message",
    "przekazana wiadomość", "wiadomość przekazana dalej", "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości", "początek przekazanej wiadomości",
    "wiadomość przekazana", "przesłana wiadomość",
    "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "weitergeleitete e-mail",
    "message transféré", "message transmis", "message réexpédié", "début du message réexpédié",
    "début du message transféré",
    "mensaje reenviado", "inicio del mensaje reenviado",
    "messaggio inoltrato", "inizio messaggio inoltrato",
    "doorgestuurd bericht", "begin doorgestuurd bericht",
    "přeposlaná zpráva", "předaná zpráva", "začátek přeposílané zprávy",
    "preposlaná správa", "začiatok preposlanej správy",
    "переслане повідомлення", "перенаправлене повідомлення", "початок листа, що пересилається",
    "пересланное сообщение", "пересылаемое сообщение", "перенаправленное сообщение",
    "начало переадресованного сообщения", "начало пересылаемого сообщения",
    "mensagem encaminhada", "mensagem reencaminhada",
}  # fmt: skip
# Written above answers as well as above what is forwarded
_ORIGINAL = {
    "original message", "wiadomość oryginalna", "oryginalna wiadomość", "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "message d'origine", "message original",
    "mensaje original", "messaggio originale", "oorspronkelijk bericht", "původní zpráva",
    "pôvodná správa", "исходное сообщение", "оригинальное сообщение", "вихідне повідомлення",
    "оригінальне повідомлення",
}  # fmt: skip
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split(", ")}
_LABEL = re.compile(r"([^\W\d_][^:：]{0,24}?)[\s*]*[:：][\s*]*(.*)")
_QUOTING = " \t\xa0>|*_"
_DECORATION = _QUOTING + "=-–—:"
# Lines that the value of a label may go on for: many recipients
_WRAPPED_LINES = 4


class Block(NamedTuple):
    """The headers of another email within a text."""

    party: Party
    note_lines: int  # above it
    announced: str  # "forwarded", "original", or "" when nothing stands above it


def original_sender(
    texts: list[str],
    mark: str,
    has_references: bool,
    skip: Callable[[Party], bool] = lambda _party: False,
) -> Party | None:
    """Return who wrote the email that is forwarded in a text, None if none is.

    An answer quotes the email that it answers in the same way, so a text counts as forwarded if
    the subject is marked so, or if hardly anything stands above.

    :param texts: the same text in several formats; the first in which something is found counts.
    :param mark: ``forward``, ``reply`` or "": the outermost mark of the subject.
    :param skip: of whom we want to know nothing: who forwards, and our own people.
    """
    for text in texts:
        found = list(blocks(text))
        if not found or not _is_forward(found[0], mark, has_references):
            continue
        senders = [block.party for block in found if not skip(block.party)]
        # Outlook leaves out the addresses of its own organization
        named = next((party for party in senders if party.address), None)
        return named or next(iter(senders), None)
    return None


def _is_forward(block: Block, mark: str, has_references: bool) -> bool:
    if mark:
        return mark == "forward"
    if block.announced == "forwarded":
        return block.note_lines <= NOTE_LINES
    return not block.note_lines and not has_references


def blocks(text: str):
    """Yield each ``Block`` of the beginning of a text."""
    block = _Builder()
    for line in text.splitlines()[:LINE_LIMIT]:
        yield from block.add(line[:LINE_LENGTH])
    yield from block.finish()


class _Builder:
    """Collects the lines of a text that look like the headers of another email."""

    def __init__(self):
        self.note_lines = 0
        self.announced = ""
        self._start()

    def _start(self):
        self.values: dict[str, str] = {}
        self.last = ""
        self.wrapped = 0

    def add(self, line: str):
        phrase = line.strip(_DECORATION).casefold()
        kind, value = _label(line.strip(_QUOTING))
        if phrase in _FORWARDED or phrase in _ORIGINAL:
            yield from self.finish()
            self.announced = "forwarded" if phrase in _FORWARDED else "original"
        elif kind:
            if kind == "from" and "from" in self.values:
                yield from self.finish()
            self.values.setdefault(kind, value)
            self.last, self.wrapped = kind, 0
        elif phrase and self.values:
            yield from self._continue(line.strip(_QUOTING))
        elif phrase:
            self.note_lines += 1
            self.announced = ""

    def _continue(self, line: str):
        """Take a line without label below one with a label: more of the value, or the text."""
        self.wrapped += 1
        if self.last == "from" and self.wrapped == 1 and "@" not in self.values["from"]:
            self.values["from"] += f" {line}"
        if self.wrapped > _WRAPPED_LINES:
            yield from self.finish()

    def finish(self):
        """Yield the block that ends here, if it is one."""
        needed = 2 if self.announced else 3
        # bold in what was HTML
        named = parties(self.values.get("from", "").replace("*", ""), 1)
        if named and len(self.values) >= needed:
            yield Block(named[0], self.note_lines, self.announced)
        self.note_lines += len(self.values) + self.wrapped
        self.announced = ""
        self._start()


def _label(line: str) -> tuple[str, str]:
    """Return which header a line is and its value; "" if it is none."""
    found = _LABEL.fullmatch(line)
    kind = _KINDS.get(found[1].casefold(), "") if found else ""
    return kind, found[2] if kind else ""
