from odoo import http


class BenchController(http.Controller):
    @http.route(
        "/bench/noop", type="http", auth="none", methods=["POST"], csrf=False, save_session=False
    )
    def noop(self, **_fields):
        """Do what any request costs, and nothing else."""
        return "{}"
