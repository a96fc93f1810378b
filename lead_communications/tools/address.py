"""Which texts are the same address of an email. Plain Python.

A domain is written in letters or in its ASCII form (RFC 5890: ``müller.example`` is
``xn--mller-kva.example``). What stands in front of the @ belongs to who runs the mail server
(RFC 5321, 2.3.11): only of the providers that say so is it known what is one mailbox.
"""

from .exception_key import address_key, spellings

#: Gmail leaves out dots and what follows a plus; googlemail.com is the same (Google's help pages).
GMAIL = ("gmail.com", "googlemail.com")
#: Outlook.com leaves out what follows a plus (Microsoft's support pages).
OUTLOOK = ("outlook.com", "hotmail.com", "live.com", "msn.com")


def same_addresses(address: str | None) -> list[str]:
    """Return the texts under which a normalized address may be stored, itself among them."""
    local, at, domain = (address or "").rpartition("@")
    return [f"{local}@{spelling}" for spelling in spellings(domain)] if at else []


def same_domains(domains) -> set[str]:
    """Return the domains in both spellings each."""
    return {spelling for domain in domains for spelling in spellings(domain)}


def mailbox_key(address: str | None) -> str:
    """Return what an address has in common with the others of its mailbox, where that is known.

    "" of all other providers: there each address is one of its own.
    """
    local, _at, domain = (address or "").rpartition("@")
    local = local.partition("+")[0]
    if domain in GMAIL:
        return f"{local.replace('.', '')}@{GMAIL[0]}"
    return f"{local}@{domain}" if domain in OUTLOOK else ""


def compared(address: str | None) -> str:
    """Return the one text by which an address is compared; equal texts are one mailbox."""
    return mailbox_key(address) or address_key(address or "") or (address or "")


def _quoted(domains):
    return ", ".join(f"'{domain}'" for domain in domains)


def mailbox_sql(column: str) -> tuple[str, str]:
    """Return ``mailbox_key`` of a column as SQL, and the condition that it is known at all.

    An index and whoever looks into it have to say the same.
    """
    local = f"split_part(split_part({column}, '@', 1), '+', 1)"
    domain = f"split_part({column}, '@', 2)"
    gmail = f"{domain} IN ({_quoted(GMAIL)})"
    key = (
        f"CASE WHEN {gmail} THEN replace({local}, '.', '') || '@{GMAIL[0]}'"
        f" ELSE {local} || '@' || {domain} END"
    )
    return key, f"{domain} IN ({_quoted(GMAIL + OUTLOOK)})"


def mailbox_index(column: str) -> str:
    """Return the definition of the index by which :func:`mailbox_sql` is looked up."""
    key, condition = mailbox_sql(column)
    return f"(({key})) WHERE {condition}"
