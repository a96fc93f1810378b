from . import lead, communication, call, event, email
