import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    getService,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";

class Email extends models.Model {
    files = fields.Json();

    _records = [
        {
            id: 1,
            files: [
                { id: 4, name: "plan.pdf", type: "application/pdf" },
                { id: 5, name: "photo.png", type: "image/png" },
                { id: 6, name: "page.html", type: "text/html" },
                { id: 7, name: "drawing.svg", type: "image/svg+xml" },
                { id: 8, name: "<b>x</b>", type: "" },
            ],
        },
        { id: 2, files: false },
    ];
}

defineMailModels();
defineModels([Email]);

const ARCH = `<form><field name="files" widget="lead_attachment_links"/></form>`;

async function mountEmail(resId) {
    await mountView({ type: "form", resModel: "email", resId, arch: ARCH });
    // A test that ends while something is being fetched fails.
    await getService("mail.store").isReady;
}

test("files are shown by the browser only if nothing in them can run", async () => {
    await mountEmail(1);
    expect(queryAllTexts("li a")).toEqual([
        "plan.pdf",
        "photo.png",
        "page.html",
        "drawing.svg",
        "<b>x</b>",
    ]);
    expect(queryAllAttributes("li a", "href")).toEqual([
        "/web/content/4",
        "/web/content/5",
        "/web/content/6?download=true",
        "/web/content/7?download=true",
        "/web/content/8?download=true",
    ]);
});

test("an email without files shows nothing", async () => {
    await mountEmail(2);
    expect("[name=files] ul").toHaveCount(0);
});
