"""Prettier for XML and ESLint for JavaScript, from npm, in the private folder."""

from .npm import ensure_packages
from .paths import ROOT


def prettier_command():
    """Return the command line of prettier with its XML plugin, installed if it is not there yet."""
    folder = ensure_packages()
    modules = folder / "node_modules"
    plugin = modules / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    program = modules / "prettier" / "bin" / "prettier.cjs"
    configuration = ROOT / ".prettierrc.json"
    return ["node", program, "--config", configuration, "--plugin", plugin, "--ignore-path", ""]


def eslint_command():
    """Return the command line of ESLint with the OCA's rules, installed if it is not there yet."""
    folder = ensure_packages()
    program = folder / "node_modules" / "eslint" / "bin" / "eslint.js"
    # its configuration has to find the packages from outside of their folder
    environment = ["env", f"NODE_FOLDER={folder}"]
    return [*environment, "node", program, "--config", ROOT / "eslint.config.cjs"]
