from odoo.tests import tagged

from ..hoot import HootCase


@tagged("post_install", "-at_install", "lead_communications")
class TestEmailHoot(HootCase):
    def test_desktop(self):
        self._run_room("email")
