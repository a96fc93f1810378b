from . import email
from . import export
from . import pbx
from . import recording
