from . import email
from . import pbx
from . import recording
