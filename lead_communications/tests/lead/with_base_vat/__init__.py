# Not imported by the addon's tests: these need the module base_vat (see devkit/testing.py).
