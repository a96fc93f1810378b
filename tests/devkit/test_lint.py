"""What counts as a failure, and the checks that are ours: manifest's files and translations."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from devkit import lint, translations
from devkit.manifest_check import check_manifest

MANIFEST = {
    "version": "19.0.1.0.0",
    "license": "LGPL-3",
    "data": ["views/lead.xml"],
    "demo": ["demo/lead.xml"],
    "assets": {"web.assets_backend": ["addon/static/src/**/*.js"]},
}


# What a checker does: it fails by what it says.
CHECKERS = {
    "good": "import os, sys; sys.exit('bad' if os.path.exists('bad_addon') else 0)",
    "silent": "",
    "strict": "import sys; sys.exit('bad')",
    "wordless": "import os, sys; sys.exit(os.path.exists('bad_addon'))",
}


def test_a_checker_fails_by_a_finding_and_by_none_in_the_canary(monkeypatch):
    tools = [
        (lint.Tool(name, [sys.executable, "-c", code], "bad_addon", "bad"), ["a file"])
        for name, code in CHECKERS.items()
    ]
    nothing_to_do = (lint.Tool("idle", tools[0][0].command, "bad_addon", "bad"), [])
    monkeypatch.setattr(lint, "plan", lambda: [*tools, nothing_to_do])
    monkeypatch.setattr(lint, "own_checks", lambda: [("ours", lambda: ["a finding"])])
    monkeypatch.setattr(lint, "silent_own_checks", lambda _cage: ["manifest"])
    with ThreadPoolExecutor(2) as pool:
        failures = lint.find_failures(pool)
    canaries = ["canary of silent", "canary of wordless", "canary of manifest"]
    assert failures == ["ours", "strict", *canaries]


@pytest.fixture
def folder(tmp_path):
    addon = tmp_path / "addon"
    for name in ("views/lead.xml", "demo/lead.xml", "static/src/queue/queue.js"):
        (addon / name).parent.mkdir(parents=True, exist_ok=True)
        (addon / name).touch()
    return addon


def findings(folder, **changes):
    (folder / "__manifest__.py").write_text(repr({**MANIFEST, **changes}))
    return check_manifest(folder)


def test_a_good_manifest_has_no_findings(folder):
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"version": "1.0"}, "not of the form 19.0.x.y.z"),
        ({"license": "AGPL-3"}, "not 'LGPL-3'"),
        ({"demo": []}, "demo/lead.xml exists and is not listed"),
        ({"data": ["views/lead.xml", "views/gone.xml"]}, "views/gone.xml is listed and does not"),
        ({"data": ["views/lead.xml", "views/lead.xml"]}, "views/lead.xml is listed twice"),
        ({"assets": {"x": [("remove", "addon/static/lib/*.js")]}}, "matches no file"),
    ],
)
def test_each_fault_of_a_manifest_is_found(folder, changes, finding):
    (found,) = findings(folder, **changes)
    assert finding in found


HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def catalog(path, **entries):
    flags = {"fuzzy": "#, fuzzy\n"}
    text = HEADER
    for name, (term, translation) in entries.items():
        text += f"\n{flags.get(name, '')}msgid {quote(term)}\nmsgstr {quote(translation)}\n"
    path.write_text(text)
    return path


def run_check(tmp_path, translation):
    """Check a translation of the term `%(count)s calls` in a catalog of that term only."""
    terms = catalog(tmp_path / "terms.pot", term=("%(count)s calls", ""))
    return translations.run_catalogs("check", terms, terms, translation)


def test_a_whole_translation_has_no_findings(tmp_path):
    polish = catalog(tmp_path / "pl.po", term=("%(count)s calls", "%(count)s połączeń"))
    assert run_check(tmp_path, polish) == []


@pytest.mark.parametrize(
    ("translation", "is_kept"),
    [
        ('<i class="fa fa-check" title="Gotowe" aria-label="Gotowe"/>', True),
        ('<i class="fa fa-times" title="Gotowe" aria-label="Gotowe"/>', False),
        ('<i class="fa fa-check" title="Gotowe"/>', False),
    ],
)
def test_markup_stays_and_its_labels_are_translated(tmp_path, translation, is_kept):
    icon = '<i class="fa fa-check" title="Done" aria-label="Done"/>'
    terms = catalog(tmp_path / "terms.pot", icon=(icon, ""))
    polish = catalog(tmp_path / "pl.po", icon=(icon, translation))
    assert (translations.run_catalogs("check", terms, terms, polish) == []) is is_kept


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        ({}, "not in the translation"),
        ({"term": ("%(count)s calls", "")}, "not translated"),
        ({"fuzzy": ("%(count)s calls", "%(count)s połączeń")}, "marked as fuzzy"),
        ({"term": ("%(count)s calls", "%(liczba)s połączeń")}, "other placeholders"),
        (
            {"term": ("%(count)s calls", "%(count)s połączeń"), "more": ("Old", "Stary")},
            "the translation has a term too many",
        ),
    ],
)
def test_each_fault_of_a_translation_is_found(tmp_path, entries, finding):
    (found,) = run_check(tmp_path, catalog(tmp_path / "pl.po", **entries))
    assert finding in found


def test_merging_keeps_translations_adds_terms_and_drops_old_ones(tmp_path):
    fresh = catalog(tmp_path / "fresh.pot", call=("Call", ""), mail=("Email", ""))
    polish = catalog(tmp_path / "pl.po", call=("Call", "Połączenie"), old=("Old", "Stary"))
    template = tmp_path / "addon.pot"
    translations.run_catalogs("merge", fresh, template, polish)
    text = polish.read_text()
    assert 'msgid "Call"\nmsgstr "Połączenie"' in text
    assert 'msgid "Email"\nmsgstr ""' in text
    assert "Stary" not in text
    assert template.read_bytes() == fresh.read_bytes()
