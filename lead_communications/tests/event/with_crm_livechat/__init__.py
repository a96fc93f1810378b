# Not imported by the addon's tests: these need the module crm_livechat (see devkit/testing.py).
