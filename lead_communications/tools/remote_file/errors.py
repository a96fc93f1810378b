"""What can go wrong."""


class RemoteFileError(Exception):
    """The file cannot be read. ``code`` is for programs, the message for the administrator."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
