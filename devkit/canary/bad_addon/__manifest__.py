{
    "name": "Canary",
    "version": "1.0",
    "license": "AGPL-3",
    "depends": ["crm"],
    "data": ["views/bad.xml", "views/missing.xml"],
}
