from . import crm_lead_to_opportunity
from . import lead_communication_attach
from . import lead_communication_attach_candidate
from . import lead_pbx_import
from . import mail_compose_message
from . import lead_communication_log
from . import lead_communication_ignore
from . import lead_communication_assign
