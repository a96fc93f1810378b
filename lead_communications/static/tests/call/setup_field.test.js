import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

const STEPS = `1. SCRIPT
Save it as push:

    #!/bin/sh
    if true; then
        echo "<b>"
    fi

    exit 0

then start it.`;

class System extends models.Model {
    steps = fields.Text();

    _records = [{ id: 1, steps: STEPS }, { id: 2 }];
}

defineMailModels();
defineModels([System]);

const ARCH = `<form><field name="steps" widget="lead_setup_steps"/></form>`;

test("what goes into a file is copied as it has to stand there", async () => {
    patchWithCleanup(browser.navigator.clipboard, { writeText: (text) => expect.step(text) });
    await mountView({ type: "form", resModel: "system", resId: 1, arch: ARCH });
    expect("pre").toHaveCount(1);
    expect("p:contains(then start it.)").toHaveCount(1);
    await click(".o_clipboard_button");
    expect.verifySteps(['#!/bin/sh\nif true; then\n    echo "<b>"\nfi\n\nexit 0\n']);
});

test("without steps there is nothing", async () => {
    await mountView({ type: "form", resModel: "system", resId: 2, arch: ARCH });
    expect("pre").toHaveCount(0);
});
