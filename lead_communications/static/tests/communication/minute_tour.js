import { addTour } from "../steps";

const CURRENT = ".o_data_row[aria-current=true]";
const PREVIEW = ".o_lead_preview";
const DELAYS = [0, 50, 150, 400];
// What is obvious about each of the ten rows: four of a lead, three of nobody, three to ignore.
export const MINUTE = "aciacaicia";
const counted = { keydown: 0, click: 0 };

function wait(delay) {
    return new Promise((resolve) => setTimeout(resolve, delay));
}

function name(number) {
    return `Caller ${String(number).padStart(2, "0")}`;
}

/** The row is the current one, and its preview has been read. */
function shown(number) {
    return `.o_list_view:has(${CURRENT}:contains(${name(number)})) ${PREVIEW} .o_lead_read:has(h3:contains(${name(number)}))`;
}

/** Count from now on what the person does; the steps look at the screen, and touch nothing else. */
function startCounting() {
    return {
        content: "count keys and clicks",
        trigger: shown(0),
        run() {
            for (const type of Object.keys(counted)) {
                counted[type] = 0;
                window.addEventListener(type, () => counted[type]++, { capture: true });
            }
        },
    };
}

function countedUpTo(type, limit) {
    return {
        content: `at most ${limit} times ${type}`,
        trigger: ".o_view_nocontent:contains(All is decided. Well done!)",
        run() {
            if (!counted[type] || counted[type] > limit) {
                throw new Error(`${counted[type]} times ${type}, instead of ${limit}`);
            }
        },
    };
}

const BUTTONS = {
    a: "button.btn-primary[name=action_attach_suggested]",
    c: "button.btn-primary[name=action_create_lead]",
    i: "button[name=action_ignore]",
};
const WORDS = { a: "Attach to “", c: "Create", i: "Ignore" };

addTour("lead_communications.minute_keys", {
    steps: () => [
        startCounting(),
        ...[...MINUTE].map((action, number) => ({
            content: `${name(number)}: ${action}`,
            trigger: shown(number),
            run: `press ${action === "a" ? "Enter" : action}`,
        })),
        countedUpTo("keydown", 12),
    ],
});

addTour("lead_communications.minute_mouse", {
    steps: () => [
        startCounting(),
        ...[...MINUTE].map((action, number) => ({
            content: `${name(number)}: ${action}`,
            trigger: `${shown(number)} ${BUTTONS[action]}:contains(${WORDS[action]})`,
            run: "click",
        })),
        countedUpTo("click", 10),
    ],
});

/** Rows of one lead each: A and Enter attach the even ones, two times Enter the others. */
addTour("lead_communications.fast_keys", {
    steps: () =>
        DELAYS.flatMap((delay, place) => [
            {
                content: `A, then Enter after ${delay} ms`,
                trigger: shown(2 * place),
                async run({ press }) {
                    await press("a");
                    await wait(delay);
                    await press("Enter");
                },
            },
            {
                content: `Enter, then Enter after ${delay} ms: the second one decides nothing`,
                trigger: `body:not(:has(.modal)) ${shown(2 * place + 1)}`,
                async run({ press }) {
                    await press("Enter");
                    await wait(delay);
                    await press("Enter");
                },
            },
            {
                content: "the next row waits",
                trigger: `body:not(:has(.modal)) ${shown(2 * place + 2)}`,
            },
        ]),
});
