import io
import unittest
from unittest.mock import patch

from odoo.modules.registry import Registry
from odoo.orm.models import MetaModel
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import config

from .call import test_callback, test_ringing
from .communication import test_assign, test_claim, test_counterpart, test_report, test_undo
from .email import test_answer, test_mail_scheduled_message
from .event import test_activity, test_meeting
from .forked import Worker

ADDON = "lead_communications"
# As the floors allow: events before calls, where calls come first otherwise.
ROOMS = ("lead", "communication", "event", "call", "email")
# What several rooms have a hand in.
TESTS = (
    test_activity,
    test_answer,
    test_assign,
    test_callback,
    test_claim,
    test_counterpart,
    test_mail_scheduled_message,
    test_meeting,
    test_report,
    test_ringing,
    test_undo,
)


@tagged("post_install", "-at_install", "lead_communications")
class TestOrder(BaseCase):
    """The order in which rooms, and the files in them, are imported means nothing."""

    def test_what_follows_from_what_is_the_same_in_another_order(self):
        definitions = MetaModel._module_to_models__[ADDON]
        self.assertNotEqual(_reordered(definitions), definitions)
        worker = Worker(Registry(get_db_name()), _run_tests)
        self.assertEqual(worker.wait(), 0, "see the failures in the output")


def _reordered(definitions):
    """Return the classes of the models room by room, the files of each from the last to the first.

    A model has to be there before it is extended, and before another one is made with it.
    """
    backwards = definitions[::-1]
    return sorted(backwards, key=lambda one: (_layer(one), ROOMS.index(_room(one))))


def _room(definition):
    room = definition.__module__.removeprefix(f"odoo.addons.{ADDON}.").split(".")[1]
    return room if room in ROOMS else ROOMS[-1]


def _layer(definition):
    """Return 0 for what models are made with, 1 for new models, 2 for extensions."""
    inherited = definition._inherit
    if definition._name in ([inherited] if isinstance(inherited, str) else inherited):
        return 2
    return 0 if definition._abstract else 1


def _run_tests(_worker):
    definitions = MetaModel._module_to_models__[ADDON]
    definitions[:] = _reordered(definitions)
    with patch.dict(config.options, test_enable=False):  # Odoo would look for tests of its own
        Registry.new(get_db_name())
    loader = unittest.TestLoader()
    suite = unittest.TestSuite(loader.loadTestsFromModule(module) for module in TESTS)
    output = io.StringIO()
    result = unittest.TextTestRunner(output, verbosity=2).run(suite)
    if not result.wasSuccessful() or result.skipped or result.testsRun < 100:
        raise AssertionError(output.getvalue())
