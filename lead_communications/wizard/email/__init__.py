from . import attach_answer
from . import hand_over
from . import mail_compose_answer
from . import mail_compose_message
