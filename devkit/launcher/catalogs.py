"""Check or merge gettext catalogs; run in the virtual environment, which has polib.

Prints a JSON list of sentences: what is wrong, or what was done.
"""

import json
import re
import sys
from pathlib import Path

import polib

PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif%]|\$\{[^}]*\}|</?[a-z]+[^>]*>")
SPOKEN = re.compile(r"""\b(alt|aria-label|placeholder|title)=("[^"]*"|'[^']*')""")
MOST_LISTED = 20


def check(exported, template, translation):
    """Return how the template differs from a fresh export, and what Polish lacks."""
    terms = {entry.msgid for entry in polib.pofile(exported)}
    known = {entry.msgid for entry in polib.pofile(template)}
    findings = [f"new term, not in the template: {quote(term)}" for term in sorted(terms - known)]
    findings += [
        f"the template has a term too many: {quote(term)}" for term in sorted(known - terms)
    ]
    return shorten(findings + check_translation(known, polib.pofile(translation)))


def check_translation(known, catalog):
    """Return what is wrong with the entries of a translation."""
    entries = {entry.msgid: entry for entry in catalog if not entry.obsolete}
    findings = [f"not in the translation: {quote(term)}" for term in sorted(known - set(entries))]
    findings += [
        f"the translation has a term too many: {quote(term)}"
        for term in sorted(set(entries) - known)
    ]
    for term in sorted(known & set(entries)):
        entry = entries[term]
        if not entry.msgstr.strip():
            findings.append(f"not translated: {quote(term)}")
        elif entry.fuzzy:
            findings.append(f"marked as fuzzy: {quote(term)}")
        elif placeholders(term) != placeholders(entry.msgstr):
            findings.append(f"other placeholders than the term: {quote(term)}")
    return findings


def placeholders(text):
    """Return what a translation must keep: placeholders and markup, in any order.

    The words in the markup's labels are translated too.
    """
    return sorted(PLACEHOLDER.findall(SPOKEN.sub(r"\1", text)))


def merge(exported, template, translation):
    """Write the template anew; add and remove entries of the translation, keeping the others."""
    fresh = polib.pofile(exported)
    Path(template).write_bytes(Path(exported).read_bytes())
    old = read_or_create(translation)
    before = {entry.msgid: entry for entry in old if not entry.obsolete}
    merged = polib.POFile(wrapwidth=78)
    merged.header = old.header
    merged.metadata = old.metadata
    for entry in fresh:
        previous = before.get(entry.msgid)
        entry.msgstr = previous.msgstr if previous else ""
        if previous:
            entry.tcomment = previous.tcomment
            entry.flags = sorted({*entry.flags, *previous.flags})
        merged.append(entry)
    merged.save(translation)
    added = [entry.msgid for entry in fresh if entry.msgid not in before]
    removed = set(before) - {entry.msgid for entry in fresh}
    empty = [entry for entry in merged if not entry.msgstr]
    return [
        f"{len(fresh)} terms; {len(added)} new, {len(removed)} gone",
        f"{len(empty)} terms have no translation in {Path(translation).name} yet",
    ]


def read_or_create(translation):
    """Return the catalog of a translation, an empty one if there is none."""
    if Path(translation).is_file():
        return polib.pofile(translation)
    catalog = polib.POFile()
    catalog.metadata = {
        "Project-Id-Version": "Odoo Server 19.0",
        "Language": Path(translation).stem,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=4; plural=(n==1 ? 0 : (n%10>=2 && n%10<=4) && (n%100<12 ||"
        " n%100>14) ? 1 : n!=1 && (n%10>=0 && n%10<=1) || (n%10>=5 && n%10<=9) ||"
        " (n%100>=12 && n%100<=14) ? 2 : 3);",
    }
    return catalog


def listing(what, terms):
    """Return a finding for each term, in the order of the alphabet."""
    return [f"{what}: {quote(term)}" for term in sorted(terms)]


def quote(term):
    """Return a term in one line that is not too long."""
    return json.dumps(term if len(term) <= 90 else f"{term[:87]}...", ensure_ascii=False)


def shorten(findings):
    """Return at most so many findings as somebody reads, and how many more there are."""
    if len(findings) <= MOST_LISTED:
        return findings
    return [*findings[:MOST_LISTED], f"... and {len(findings) - MOST_LISTED} more"]


if __name__ == "__main__":
    actions = {"check": check, "merge": merge}
    print(json.dumps(actions[sys.argv[1]](*sys.argv[2:])))
