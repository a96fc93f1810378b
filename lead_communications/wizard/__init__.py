from . import lead, communication, call, email

from . import base_module_uninstall
