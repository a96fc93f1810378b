from . import next_step
from . import after_call
from . import hand_over
from . import log
from . import pbx_import
from . import pbx_preset
