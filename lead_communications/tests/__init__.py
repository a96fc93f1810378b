from . import test_accessibility
from . import test_anchors
from . import test_axe
from . import test_demo
from . import test_features
from . import test_hand_over
from . import test_hostile_strings
from . import test_neutralize
from . import test_order
from . import test_rights
from . import test_tours
from . import test_uninstall

from .lead import *
from .communication import *
from .call import *
from .event import *
from .email import *
