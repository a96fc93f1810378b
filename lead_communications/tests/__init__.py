from . import test_lead_communication
from . import test_lead_communication_access
from . import test_lead_communication_email
