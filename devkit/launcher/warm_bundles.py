"""Generate the bundles of JavaScript and styles in a template database.

Fed to `odoo shell`. Bundles that another template already has are taken from the folder
`DEV_BUNDLES`, because generating all of them takes half a minute and most never change: Odoo finds
a bundle by its address, which holds a checksum of what it is made of.
"""

# ruff: noqa: F821 - env is a name that the shell gives
import json
import os
from pathlib import Path

# Pages that no test opens: they take a third of the time, and Odoo makes them when one does.
UNUSED = {
    "api_doc.assets",
    "mail.assets_discuss_public_test_tours",
    "mail.assets_public",
    "web.assets_web_dark",
    "web.qunit_suite_tests",
    "web.tests_assets",
}
KEPT_FIELDS = ("name", "mimetype", "res_model", "type", "public", "url")


def main():
    """Take the kept bundles in, generate what is missing, and keep what there is now."""
    folder = Path(os.environ["DEV_BUNDLES"])
    folder.mkdir(parents=True, exist_ok=True)
    load(folder)
    generate()
    save(folder)
    env.cr.commit()


def find_bundles():
    """Return the attachments that are bundles."""
    domain = [("url", "=like", "/web/assets/%"), ("res_model", "=", "ir.ui.view")]
    return env["ir.attachment"].search(domain)


def load(folder):
    """Create the attachments of the kept bundles."""
    known = set(find_bundles().mapped("url"))
    for description in folder.glob("*.json"):
        values = json.loads(description.read_text())
        if values["url"] not in known:
            content = description.with_suffix(".raw").read_bytes()
            env["ir.attachment"].create({**values, "res_id": False, "raw": content})


def generate():
    """Generate the bundles of scripts, and those of styles, that are missing."""
    qweb = env["ir.qweb"]
    scripts, styles = qweb._get_bundles_to_pregenarate()
    for name in sorted(scripts - UNUSED):
        qweb._get_asset_bundle(name, css=False, js=True).js()
    for name in sorted(styles - UNUSED):
        bundle = qweb._get_asset_bundle(name, css=True, js=False)
        bundle.css()
        # Odoo would go on with the styles from before, and nobody would notice.
        if bundle.css_errors:
            raise SystemExit(f"The styles of {name} are wrong: {bundle.css_errors[0]}")


def save(folder):
    """Keep the present bundles, and only them."""
    kept = set()
    for attachment in find_bundles():
        stem = attachment.url.strip("/").replace("/", "-").replace(".", "-")
        kept.add(stem)
        (folder / f"{stem}.raw").write_bytes(attachment.raw or b"")
        values = {name: attachment[name] for name in KEPT_FIELDS}
        (folder / f"{stem}.json").write_text(json.dumps(values))
    for path in folder.iterdir():
        if path.stem not in kept:
            path.unlink()


main()
