from . import log
from . import pbx_import
