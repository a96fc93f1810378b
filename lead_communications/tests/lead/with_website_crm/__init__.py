# Not imported by the addon's tests: these need the module website_crm (see devkit/testing.py).
