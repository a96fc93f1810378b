from . import test_activity
from . import test_doc_events
from . import test_event
from . import test_event_concurrency
from . import test_event_tours
from . import test_history
from . import test_meeting
from . import test_message
