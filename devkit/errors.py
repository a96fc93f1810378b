"""The one exception that the developer commands show to people."""


class DevError(Exception):
    """A failure told in one sentence, with the way out of it.

    The command line prints the message without a traceback and exits with status 1, so the
    message must be complete: what is wrong and what to do about it.
    """
