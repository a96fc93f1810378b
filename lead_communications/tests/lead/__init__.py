from . import test_customer
from . import test_doc_leads
from . import test_known_company
from . import test_lead_concurrency
from . import test_lead_tours
from . import test_private_person
