import { addTour, field } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";
const PREVIEW = ".o_lead_preview";

addTour("lead_communications.claim", {
    steps: () => [
        {
            content: "say that one is on it",
            trigger: `${PREVIEW} button[name=action_claim]`,
            run: "click",
        },
        {
            content: "the preview says so at once",
            trigger: `${PREVIEW} .alert ${field("claimed_by_id", ":contains(Clara)")}`,
        },
        {
            content: "the list, too",
            trigger: `${CURRENT} ${field("claimed_by_id", "img")}`,
        },
        {
            content: "leave it again",
            trigger: `${PREVIEW} button[name=action_release]`,
            run: "click",
        },
        {
            content: "and go back to it",
            trigger: `${PREVIEW} button[name=action_claim]`,
            run: "click",
        },
        {
            content: "one is on it",
            trigger: `${PREVIEW} button[name=action_release]`,
        },
    ],
});

addTour("lead_communications.claim_second", {
    steps: () => [
        {
            content: "press C on what a colleague has taken since",
            trigger: `${CURRENT}:contains(+48221234567)`,
            run: "press c",
        },
        {
            content: "one is asked; a second press decides nothing",
            trigger: ".modal:contains(/Clara has been on it since .*Create a lead/)",
            run: "press c",
        },
        {
            content: "nor does Enter",
            trigger: ".modal footer button:contains(Cancel):focus",
            run: "press Enter",
        },
        {
            content: "press I instead",
            trigger: `body:not(:has(.modal)) ${CURRENT}`,
            run: "press i",
        },
        {
            content: "and mean it",
            trigger: ".modal footer button:contains(Ignore Anyway)",
            run: "click",
        },
        {
            content: "that is told, with the way back",
            trigger: ".o_notification:contains(Ignored: 1 call.) button:contains(Undo)",
        },
    ],
});
