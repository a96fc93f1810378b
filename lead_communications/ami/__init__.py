"""The AMI listener, a process beside Odoo (``listen.py``), and the reading of growing files.

Odoo itself imports :mod:`.growing_file` alone: the rest needs panoramisk.
"""
