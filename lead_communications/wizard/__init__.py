from . import lead, communication, call, email
