// What the OCA's own configuration calls an error. Odoo reads the files as modules.
const path = require("path");
const { createRequire } = require("module");

// The packages are in the private folder of ./dev, or beside this file.
const from = createRequire(path.join(process.env.NODE_FOLDER || __dirname, "package.json"));
const globals = from("globals");
const jsdoc = from("eslint-plugin-jsdoc");

module.exports = [
    {
        plugins: { jsdoc },
        languageOptions: {
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly", owl: "readonly" },
            ecmaVersion: 2024,
            sourceType: "module",
        },
        rules: Object.fromEntries(
            [
                "init-declarations",
                "no-cond-assign",
                "no-const-assign",
                "no-debugger",
                "no-dupe-args",
                "no-dupe-class-members",
                "no-dupe-keys",
                "no-duplicate-case",
                "no-duplicate-imports",
                "no-empty-character-class",
                "no-empty-function",
                "no-empty-pattern",
                "no-eq-null",
                "no-eval",
                "no-ex-assign",
                "no-func-assign",
                "no-global-assign",
                "no-lonely-if",
                "no-return-assign",
                "no-undef",
                "no-unneeded-ternary",
                "no-unreachable",
                "no-unsafe-finally",
                "no-unused-expressions",
                "no-unused-labels",
                "no-unused-vars",
                "no-use-before-define",
                "operator-assignment",
                "spaced-comment",
                "use-isnan",
                "jsdoc/check-tag-names",
                "jsdoc/require-param-name",
            ].map((rule) => [rule, "error"])
        ),
    },
];
