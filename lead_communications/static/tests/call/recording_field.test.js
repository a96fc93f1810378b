import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import {
    animationFrame,
    manuallyDispatchProgrammaticEvent,
    queryOne,
    waitFor,
} from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    getService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Call extends models.Model {
    recording_url = fields.Char();

    _records = [
        { id: 1, recording_url: "/lead_communications/recording/1" },
        { id: 2, recording_url: false },
    ];
}

defineMailModels();
defineModels([Call]);

const ARCH = `<form><field name="recording_url" widget="lead_recording"/></form>`;

async function mountCall(resId = 1) {
    await mountView({ type: "form", resModel: "call", resId, arch: ARCH });
    // A test that ends while something is being fetched fails.
    await getService("mail.store").isReady;
}

/** Let the player fail, and the server give ``response`` to the question why. */
async function fail(response) {
    onRpc(
        "/lead_communications/recording/1",
        (request) => {
            expect.step(`asked for ${request.headers.get("Range")}`);
            return response();
        },
        { pure: true }
    );
    await mountCall();
    await manuallyDispatchProgrammaticEvent(queryOne("audio"), "error");
    await waitFor("[role=alert]");
    await animationFrame();
    await animationFrame();
}

test("there is a player that loads nothing by itself", async () => {
    await mountCall();
    expect("audio[controls]").toHaveCount(1);
    expect("audio").toHaveAttribute("preload", "none");
    expect("audio").toHaveAttribute("src", "/lead_communications/recording/1");
    expect("audio").toHaveAttribute("aria-label", "Recording of the call");
    expect("a[download]").toHaveAttribute("href", "/lead_communications/recording/1");
    expect("[role=alert]").toHaveCount(0);
});

test("there is none without a recording", async () => {
    await mountCall(2);
    expect("audio").toHaveCount(0);
    expect("a[download]").toHaveCount(0);
});

test("what the server says is shown as text", async () => {
    const message = "The recording is <b>not</b> on its server.";
    await fail(() => new Response(JSON.stringify({ message }), { status: 404 }));
    expect("[role=alert]").toHaveText(message);
    expect.verifySteps(["asked for bytes=0-0"]);
});

test("a kind that the browser does not know can be downloaded", async () => {
    await fail(() => new Response("RIFF", { status: 206 }));
    expect("[role=alert]").toHaveText(
        "Your browser cannot play this kind of recording. Download it instead."
    );
    expect.verifySteps(["asked for bytes=0-0"]);
});

test("an answer that is none of the player's", async () => {
    await fail(() => new Response("<html>Log in</html>", { status: 500 }));
    expect("[role=alert]").toHaveText(
        "The recording cannot be reached. Are you still logged in?"
    );
    expect.verifySteps(["asked for bytes=0-0"]);
});

test("the message goes when it plays after all", async () => {
    await fail(() => new Response(JSON.stringify({ message: "Wait" }), { status: 504 }));
    await manuallyDispatchProgrammaticEvent(queryOne("audio"), "loadedmetadata");
    await animationFrame();
    expect("[role=alert]").toHaveCount(0);
    expect.verifySteps(["asked for bytes=0-0"]);
});
