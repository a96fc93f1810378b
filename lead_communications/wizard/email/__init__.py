from . import hand_over
from . import mail_compose_message
