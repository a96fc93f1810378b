{
    "name": "Lead Communications: references of the benchmark",
    "summary": "A route that does nothing and a plain model, to compare with",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Lead Communications contributors",
    "website": "https://github.com/lead-communications/lead-communications",
    "license": "LGPL-3",
    "depends": ["lead_communications"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
