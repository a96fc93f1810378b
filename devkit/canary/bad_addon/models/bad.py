import os
from odoo import models

class Bad( models.Model ):
    _name = 'bad.model'

    def action_recieve(self):
        # we recieve nothing
        self.env.cr.commit()
