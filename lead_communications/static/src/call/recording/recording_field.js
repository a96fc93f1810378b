import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Plays the recording whose address the field holds; nothing is loaded until it is played. */
export class RecordingField extends Component {
    static template = "lead_communications.RecordingField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ message: "" });
        onWillUpdateProps((nextProps) => {
            if (this.url !== nextProps.record.data[nextProps.name]) {
                this.state.message = "";
            }
        });
    }

    get url() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return _t("Recording of the call");
    }

    /** The player does not tell what the server said, so it is asked once more. */
    async onError() {
        const url = this.url;
        this.state.message = _t("The recording cannot be played.");
        const message = await this.reason(url);
        if (url === this.url) {
            this.state.message = message;
        }
    }

    onLoaded() {
        this.state.message = "";
    }

    async reason(url) {
        try {
            const response = await browser.fetch(url, { headers: { Range: "bytes=0-0" } });
            if (response.ok && !response.redirected) {
                response.body?.cancel();
                return _t("Your browser cannot play this kind of recording. Download it instead.");
            }
            return (await response.json()).message;
        } catch {
            return _t("The recording cannot be reached. Are you still logged in?");
        }
    }
}

export const recordingField = {
    component: RecordingField,
    displayName: _t("Recording"),
    supportedTypes: ["char"],
};

registry.category("fields").add("lead_recording", recordingField);
