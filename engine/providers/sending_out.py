"""Webhooks over HTTP: to the address that was looked at, and nowhere else.

A receiver's address is somebody else's choice, so it must not lead into our own network: the name is
resolved once, every address it has must be public, and the connection is made to one of those, whatever the
name says a moment later. No redirect is followed and no proxy asked; the whole call ends after ten seconds.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping, Sequence

from engine.kernel import ports

_LONGEST_S = ports.RECEIVER_WAIT_MS / 1000
_EACH_S = 5.0
_ANSWER_BYTES = 1_200
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Closed too (RFC 6890 and its heirs), which the standard library of this age takes for public.
_CLOSED = tuple(
    map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "5f00::/16"))
)
Resolve = Callable[[str, int], Sequence[str]]


class NotPublic(Exception):
    """An address of the receiver lies in a network that nobody outside reaches."""


def is_public(address: str) -> bool:
    """Whether an address is reached from the Internet; what carries an IPv4 address is judged by that."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if found.teredo is not None or found.scope_id is not None or found.is_site_local:
            return False
    closed = any(found in net for net in _CLOSED)
    return found.is_global and not found.is_multicast and not closed


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a name.

    Raises: OSError.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class HttpSender:
    """`ports.WebhookSender` over HTTP. A demonstration's may send `anywhere`, in its own network too."""

    def __init__(
        self,
        *,
        anywhere: bool,
        resolving: Resolve = resolve,
        context: ssl.SSLContext | None = None,
        longest_s: float = _LONGEST_S,
    ) -> None:
        self._anywhere = anywhere
        self._resolve = resolving
        self._context = context or ssl.create_default_context()
        self._longest_s = longest_s

    def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, idempotency_key: str
    ) -> ports.Received:
        """Send one message; whatever goes wrong is told and never raised."""
        began = time.monotonic()
        code, answer, wait_s, problem = None, b"", 0, ""
        try:
            code, answer, wait_s = self._post(url, headers, body)
        except NotPublic:
            problem = "not_public"
        except ssl.SSLError:
            problem = "not_trusted"
        except TimeoutError:
            problem = "timed_out"
        except (OSError, http.client.HTTPException, ValueError):
            problem = "unreachable"
        took_ms = round((time.monotonic() - began) * 1000)
        if problem == "unreachable" and took_ms >= self._longest_s * 1000:
            # The call was ended from outside, which the socket tells as a broken connection.
            problem = "timed_out"
        return ports.Received(
            code=code, took_ms=took_ms, problem=problem, answer=answer, retry_after_s=wait_s
        )

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes, int]:
        parts = urllib.parse.urlsplit(url)
        secure = parts.scheme == "https"
        host = parts.hostname or ""
        if not secure and not self._anywhere:
            raise NotPublic
        usual = 443 if secure else 80
        port = parts.port or usual
        connection = http.client.HTTPConnection(host, port, timeout=_EACH_S)
        plain = socket.create_connection(
            (self._address(host, port), port), timeout=min(_EACH_S, self._longest_s)
        )
        # It is closed below, and by the timer where the receiver dawdles byte by byte.
        timer = threading.Timer(self._longest_s, _shut, (plain,))
        timer.daemon = True
        timer.start()
        try:
            wrap = self._context.wrap_socket
            connection.sock = wrap(plain, server_hostname=host) if secure else plain
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            named = f"[{host}]" if ":" in host else host
            own = {"host": named if port == usual else f"{named}:{port}", "connection": "close"}
            connection.request("POST", target, body, {**own, **headers})
            got = connection.getresponse()
            wait_s = retry_after(got.getheader("retry-after", ""), got.getheader("date", ""))
            return got.status, got.read(_ANSWER_BYTES), wait_s
        finally:
            timer.cancel()
            connection.close()
            plain.close()

    def _address(self, host: str, port: int) -> str:
        """The address to connect to: the first one, where none of the name's is in a closed network."""
        found = self._resolve(host, port)
        if not found or not (self._anywhere or all(map(is_public, found))):
            raise NotPublic
        return found[0]


def retry_after(value: str, date: str) -> int:
    """For how many seconds a receiver asks to be left in peace; 0 where it does not, or cannot be read.

    It says seconds or an instant (RFC 9110, 10.2.3). An instant is held against the answer's own `date`, as
    its clock is another one than ours.
    """
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    try:
        until, said = (email.utils.parsedate_to_datetime(one) for one in (text, date))
        return max(0, round((until - said).total_seconds()))
    except (TypeError, ValueError):
        return 0


def _shut(open_socket: socket.socket) -> None:
    with contextlib.suppress(OSError):
        open_socket.shutdown(socket.SHUT_RDWR)
