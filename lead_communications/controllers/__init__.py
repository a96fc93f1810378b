from . import email
from . import export
from . import home
from . import pbx
from . import recording
from . import uninstall
