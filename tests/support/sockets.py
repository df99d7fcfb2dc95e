"""A client of a running console: over HTTP, and over Streamlit's own websocket as an attacker would."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from engine import boot


@dataclass(frozen=True)
class Server:
    """A running server, its world as another process sees it, and cookies of its staff."""

    address: str
    world: boot.World
    cookies: dict[str, str]


class Session:
    """One Streamlit session over a websocket."""

    def __init__(
        self, server: Server, cookie: str = "", *, resume: str = "", **headers: str
    ) -> None:
        sent = {**headers, **({"Cookie": cookie} if cookie else {})}
        origin = sent.pop("origin", server.address)
        address = server.address.replace("http://", "ws://") + "/_stcore/stream"
        self.id = ""
        self._socket = connect(
            address,
            additional_headers=sent,
            origin=origin or None,  # type: ignore[arg-type]
            subprotocols=["streamlit", "x", *([resume] if resume else [])],  # type: ignore[list-item]
            max_size=None,
            compression=None,
        )

    def run(self, page: str = "") -> tuple[str, list[str]]:
        """Run a page; the page that really ran, and every text it showed."""
        message = BackMsg()
        message.rerun_script.page_name = page
        self._socket.send(message.SerializeToString())
        shown, ran = [], ""
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(self._socket.recv(timeout=60))
            kind = forward.WhichOneof("type")
            if kind == "new_session":
                self.id = forward.new_session.initialize.session_id
            elif kind == "navigation":
                by_hash = {p.page_script_hash: p for p in forward.navigation.app_pages}
                current = by_hash.get(forward.navigation.page_script_hash)
                ran = "" if current is None else current.url_pathname
            elif kind == "page_not_found":
                shown.append("page not found")
            elif kind == "delta":
                shown.append(str(forward.delta))
            elif kind == "script_finished":
                return ran, shown

    def close(self) -> None:
        """Go away."""
        self._socket.close()


def get(server: Server, path: str, **headers: str) -> tuple[int, str]:
    """The status of an address, and where it landed."""
    request = urllib.request.Request(server.address + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.geturl()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.geturl()
