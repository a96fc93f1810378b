from . import assign
from . import attach
from . import attach_candidate
from . import hand_over
from . import hand_over_line
from . import hand_over_kinds
from . import ignore
from . import snooze
