"""Calls, emails and events alike: the record, its states and decisions, undo, claim,
assign, candidates, exceptions, failures, the Inbox, live updates, reminder, reports.

Uses: lead.
"""

from . import lead_communication
from . import exception
from . import failure
from . import access
from . import actions
from . import assign
from . import backlog
from . import candidate
from . import candidate_phone
from . import candidate_query
from . import claim
from . import claim_question
from . import columns_of_others
from . import company
from . import contact_history
from . import counterpart
from . import create_another
from . import crm_lead
from . import crm_lead_search
from . import crm_team
from . import customer_panel
from . import decide
from . import decision
from . import exception_apply
from . import exception_match
from . import exception_rule
from . import export
from . import features
from . import inbox
from . import ir_config_parameter
from . import ir_http
from . import lead_values
from . import live
from . import my_decisions
from . import notice
from . import past
from . import phone_numbers
from . import reminder
from . import report
from . import res_partner
from . import res_users
from . import retention
from . import rule
from . import snooze
from . import steps
from . import suggestion
from . import undo
