import { cookie } from "@web/core/browser/cookie";
import { addTour, openTab } from "../steps";

/** Let the frame load again and settle, then write in the log of the other server what follows. */
async function settle(frame, mark) {
    await new Promise((resolve) => {
        frame.addEventListener("load", resolve, { once: true });
        frame.setAttribute("src", frame.getAttribute("src"));
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await fetch(`${cookie.get("remote")}/${mark}`, { mode: "no-cors" });
}

const ORIGINAL = ".o_lead_original";

addTour("lead_communications.original", {
    steps: () => [
        {
            content: "the text is what is seen first",
            trigger: ".o_field_widget[name=body]:contains(Nice windows)",
        },
        openTab("original"),
        {
            content: "the email as it was designed",
            trigger: `${ORIGINAL} iframe[sandbox="allow-popups allow-popups-to-escape-sandbox"]`,
            async run() {
                await settle(this.anchor, "opened");
            },
        },
        {
            content: "remote images are not loaded",
            trigger: `${ORIGINAL} [role=status]:contains(Remote images are not loaded)`,
        },
        {
            content: "ask for them",
            trigger: `${ORIGINAL} button:contains(Show remote images)`,
            run: "click",
        },
        {
            content: "that they are shown is said",
            trigger: `${ORIGINAL} [role=status]:contains(Remote images are shown.)`,
        },
        {
            content: "let them load",
            trigger: `${ORIGINAL} iframe[src$="images=1"]`,
            async run() {
                await settle(this.anchor, "shown");
            },
        },
        {
            content: "open the headers",
            trigger: `${ORIGINAL} summary:contains(Headers)`,
            run: "click",
        },
        {
            content: "they are all there",
            trigger: `${ORIGINAL} tr:has(th:contains(x-tracker)) td:contains(Zażółć <b>gęślą</b>)`,
        },
        {
            content: "open the plain text",
            trigger: `${ORIGINAL} summary:contains(Plain text)`,
            run: "click",
        },
        { content: "read it", trigger: `${ORIGINAL} pre:contains(how much is a window)` },
        {
            content: "the file can be had",
            trigger: `${ORIGINAL} a[download][href$="/eml"]:contains(Download the original)`,
        },
    ],
});
