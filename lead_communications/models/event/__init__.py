"""Planned and written events, activities, the calendar, SMS and chat.

Uses: communication, lead.
"""

from . import actions
from . import activity
from . import calendar_event
from . import completed
from . import contact
from . import crm_lead_event
from . import crm_lead_message
from . import event
from . import handover
from . import mail_activity
from . import meeting
from . import meeting_lead
from . import message
from . import past
from . import planned_call
from . import series
from . import sync
from . import transfer
