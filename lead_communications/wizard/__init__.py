from . import base_module_uninstall
from . import lead, communication, call, event, email
