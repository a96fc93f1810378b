from . import assign
from . import attach
from . import attach_candidate
from . import ignore
