from . import pbx
from . import recording
