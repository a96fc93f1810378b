"""Let the addon's pure packages be imported without Odoo.

The addon's own `__init__` imports models, hence Odoo. A bare module of the same name, whose path is
the addon's folder, makes `from lead_communications.tools import phone` work without running it.
"""

import sys
import types
from pathlib import Path

from hypothesis import HealthCheck, settings

# How fast this machine is at the moment says nothing about the code.
settings.register_profile(
    "any_machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any_machine")

ADDON = Path(__file__).resolve().parents[1] / "lead_communications"

if "lead_communications" not in sys.modules:
    module = types.ModuleType("lead_communications", "The addon's folder, without its __init__.")
    module.__path__ = [str(ADDON)]
    sys.modules["lead_communications"] = module
