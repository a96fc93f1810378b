"""What no linter checks: that the manifest and the files of the addon agree."""

import re
from itertools import chain

from .addon import read_manifest

LOADED_FOLDERS = ("data", "demo", "report", "security", "views", "wizard")
LOADED_SUFFIXES = {".xml", ".csv"}
VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
LICENSE = "LGPL-3"


def check_manifest(folder):
    """Return what is wrong with an addon's manifest, a sentence each."""
    manifest = read_manifest(folder)
    findings = list(check_values(manifest))
    findings += check_listed_files(manifest, folder)
    findings += check_unlisted_files(manifest, folder)
    findings += check_assets(manifest, folder)
    return findings


def check_values(manifest):
    """Yield what is wrong with the version and the license."""
    version = manifest.get("version", "")
    if not VERSION.fullmatch(version):
        yield f"the version is {version!r} and not of the form 19.0.x.y.z"
    if manifest.get("license") != LICENSE:
        yield f"the license is {manifest.get('license')!r} and not {LICENSE!r}"


def listed_files(manifest):
    """Return the files that the manifest loads."""
    return [*manifest.get("data", []), *manifest.get("demo", [])]


def check_listed_files(manifest, folder):
    """Return the files that the manifest lists though they do not exist, or lists twice."""
    listed = listed_files(manifest)
    missing = [
        f"{name} is listed and does not exist" for name in listed if not (folder / name).is_file()
    ]
    twice = [f"{name} is listed twice" for name in sorted(set(listed)) if listed.count(name) > 1]
    return missing + twice


def check_unlisted_files(manifest, folder):
    """Return the files that lie where loaded files lie, and are not loaded."""
    listed = set(listed_files(manifest))
    files = chain.from_iterable((folder / name).rglob("*") for name in LOADED_FOLDERS)
    names = sorted(
        str(path.relative_to(folder)) for path in files if path.suffix in LOADED_SUFFIXES
    )
    return [f"{name} exists and is not listed" for name in names if name not in listed]


def check_assets(manifest, folder):
    """Return the asset patterns of the addon itself that match no file."""
    findings = []
    for bundle, entries in manifest.get("assets", {}).items():
        for entry in entries:
            pattern = entry if isinstance(entry, str) else entry[-1]
            addon, _slash, inner = pattern.lstrip("/").partition("/")
            if addon == folder.name and not any(folder.glob(inner)):
                findings.append(f"{pattern} of the bundle {bundle} matches no file")
    return findings
