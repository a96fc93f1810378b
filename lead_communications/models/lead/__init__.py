"""The lead itself: its form, companies, contacts, sources, marketing.

Uses: no other room.
"""

from . import ir_rule
from . import references
from . import company
from . import contact_names
from . import customer
from . import form_merge
from . import known_company
from . import late_index
from . import marketing
from . import missing
from . import offer
from . import required
from . import res_partner
from . import sales_direction
from . import source
from . import utm_source
from . import wrong_values
