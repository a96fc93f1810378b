from .lead import crm_lead_to_opportunity
from .communication import attach
from .communication import attach_candidate
from .call import pbx_import
from .email import mail_compose_message
from .call import log
from .communication import ignore
from .communication import assign
