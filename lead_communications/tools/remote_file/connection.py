"""One request to a checked address, with an answer in time."""

import contextlib
import http.client
import socket
import ssl
import threading
import time

from .errors import RemoteFileError
from .target import PORTS


class Connection(http.client.HTTPConnection):
    """A connection to one of the checked addresses, and to nothing else: no proxy, no lookup."""

    def __init__(self, target, addresses, timeout):
        super().__init__(target.host, target.port, timeout=timeout)
        self.default_port = PORTS[target.scheme]
        self._target = target
        self._addresses = addresses
        self._deadline = time.monotonic() + timeout
        self._is_late = False

    def ask(self, authorization, byte_range):
        """Ask for a file and return the response, whose head came in time."""
        headers = {"Accept": "audio/*, */*;q=0.1"} | authorization
        if byte_range:
            headers["Range"] = byte_range
        return self.send_request("GET", headers)

    def send_request(self, method, headers, body=None):
        """Send any request and return the response, whose head came in time."""
        headers = headers | {"Accept-Encoding": "identity", "Connection": "close"}
        # The timeout of a socket begins anew with every byte.
        watchdog = threading.Timer(self._deadline - time.monotonic(), self._give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            self.request(method, self._target.path, body=body, headers=headers)
            response = self.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._error(error) from None
        finally:
            watchdog.cancel()
            self.close()  # the response keeps the connection open until it is closed itself
        if self._is_late:
            # To the parser a connection that was shut down is the end of the head.
            response.close()
            raise self._error(TimeoutError())
        return response

    def connect(self):
        self.sock = self._connected_socket()
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _connected_socket(self):
        error = TimeoutError()
        for family, kind, protocol, _name, address in self._addresses:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._seconds_left())
                sock.connect(address)
                sock.settimeout(self.timeout)
                return sock
            except OSError as exception:
                sock.close()
                error = exception
        raise error

    def _seconds_left(self):
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _give_up(self):
        self._is_late = True
        sock = self.sock
        if sock:
            with contextlib.suppress(OSError):
                # Not ssl's own method, which takes apart what the other thread reads with.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _error(self, error):
        if self._is_late or isinstance(error, TimeoutError):
            return RemoteFileError("timeout", "The server takes too long to answer.")
        if isinstance(error, ssl.SSLCertVerificationError):
            return RemoteFileError("bad_certificate", "The certificate of the server is not valid.")
        return RemoteFileError("unreachable", "The server cannot be reached.")
