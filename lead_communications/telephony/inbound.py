"""A request of a telephone system as the provider modules see it, and what they answer it with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from .payload import SignatureError

MAX_QUERY_FIELDS = 50


@dataclass(frozen=True)
class InboundRequest:
    """One HTTP request, before anything of it is trusted."""

    #: ``GET`` or ``POST``.
    method: str
    #: The public address as the telephone system was given it, with the query as it was sent:
    #: behind a proxy the server itself would see another one, and some schemes sign it.
    url: str
    #: In any spelling of their names.
    headers: Mapping[str, str]
    body: bytes = b""

    @cached_property
    def query(self) -> dict[str, str]:
        """The fields of the query; of a name that is given twice, the last one."""
        try:
            pairs = parse_qsl(
                urlsplit(self.url).query, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS
            )
        except ValueError as error:
            raise SignatureError("query", "The address has too many fields.") from error
        return dict(pairs)

    @property
    def content_type(self) -> str:
        """The media type of the body in lower case, without its parameters."""
        return media_type(self.headers.get("Content-Type"))

    def credentials(self, scheme: str) -> str:
        """Return what follows ``scheme`` in the header Authorization.

        :raise SignatureError: there is no such header, or it is of another scheme.
        """
        header = self.headers.get("Authorization") or ""
        if not header:
            raise SignatureError("signature_missing", "The header Authorization is missing.")
        name, _space, credentials = header.strip().partition(" ")
        if name.lower() != scheme.lower() or not credentials.strip():
            raise SignatureError(
                "signature_malformed", f"The header Authorization is not of the kind {scheme}."
            )
        return credentials.strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a telephone system is answered, if it expects more than a confirmation."""

    body: str
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who has the number that a telephone system asks about."""

    #: ``Leads`` or ``Contacts``, with the id unique.
    kind: str
    id: int
    name: str
    company: str
    email: str
    #: Where a person sees all about it.
    url: str


def media_type(content_type: str | None) -> str:
    """Return ``application/json`` from ``Application/JSON; charset=utf-8``."""
    return (content_type or "").partition(";")[0].strip().lower()
