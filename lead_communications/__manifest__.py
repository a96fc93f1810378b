{
    "name": "Lead Communications",
    "summary": "Every call and every email ends on the right lead, or is set aside on purpose",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Lead Communications contributors",
    "website": "https://github.com/lead-communications/lead-communications",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["crm"],
    "external_dependencies": {"python": ["phonenumbers"]},
    "data": [
        "security/lead_communications_groups.xml",
        "security/ir.model.access.csv",
        "security/lead_communication_security.xml",
        "data/utm_source_data.xml",
        "views/lead_communication_views.xml",
        "views/lead_communication_call_views.xml",
        "views/lead_communication_email_views.xml",
        "views/lead_communication_failure_views.xml",
        "views/lead_mailbox_views.xml",
        "wizard/lead_communication_attach_views.xml",
        "views/crm_lead_views.xml",
        "views/lead_communications_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "lead_communications/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "lead_communications/static/tests/**/*.test.js",
        ],
        "web.assets_tests": [
            "lead_communications/static/tests/tours/**/*.js",
        ],
    },
}
