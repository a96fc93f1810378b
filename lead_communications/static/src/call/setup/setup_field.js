import { Component } from "@odoo/owl";
import { CopyButton } from "@web/core/copy_button/copy_button";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const INDENT = "    ";

/**
 * Return the blocks of a text: what is to be read, and what is to be copied, which is indented in it
 * and is not here.
 *
 * @param {string} text
 * @returns {{ code: boolean, text: string }[]}
 */
export function blocksOf(text) {
    const blocks = [];
    for (const line of text.split("\n")) {
        const code = line.startsWith(INDENT);
        const last = blocks.at(-1);
        const shown = code ? line.slice(INDENT.length) : line;
        if (last && (last.code === code || !line)) {
            last.lines.push(shown);
        } else {
            blocks.push({ code, lines: [shown] });
        }
    }
    return blocks
        .map(({ code, lines }) => ({ code, text: lines.join("\n").trim() }))
        .filter(({ text }) => text);
}

/** The steps of a set-up; what has to go into a file or a shell has a button that copies it. */
export class SetupField extends Component {
    static template = "lead_communications.SetupField";
    static components = { CopyButton };
    static props = { ...standardFieldProps };

    get blocks() {
        return blocksOf(this.props.record.data[this.props.name] || "");
    }

    get copied() {
        return _t("Copied");
    }
}

export const setupField = {
    component: SetupField,
    displayName: _t("Set-up Steps"),
    supportedTypes: ["text"],
};

registry.category("fields").add("lead_setup_steps", setupField);
