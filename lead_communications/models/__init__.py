from . import lead, communication, call, event, email

from . import digest_digest
from . import ir_ui_menu
from . import lead_communication_demo
from . import res_config_settings
from . import steps
from . import uninstall
