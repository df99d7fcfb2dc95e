"""Phone beside PC on a page: the very handset and the very mall, and how a real phone takes part."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from engine.http import app_files, apps, qr
from pages import _console, _look
from pages._console import _

# A component's script has a blob address, from which nothing relative can be imported.
_JS = f'const stage = import(location.origin + "{app_files.address("beside/main.js")}");'
_JS += """
export default function({ parentElement, data }) {
  stage.then((beside) => beside.arrange(parentElement, data));
  return () => { stage.then((beside) => beside.leave(parentElement)); };
}
"""
_stage = st.components.v2.component("yinxin_beside", js=_JS)
_WIDE = "<style>.stMainBlockContainer{padding-left:1.5rem;padding-right:1.5rem}</style>"
# What is shown to an audience begins at the top.
_CLOSE = """<style>.stMainBlockContainer h1{font-size:1.6rem;padding:0}
@media (min-width:800px){.stMainBlockContainer{padding-top:2.2rem}}</style>"""


def wide(*, close: bool = False) -> None:
    """Give the page's width to the apps; `close` leaves out the room above them, too."""
    st.html(_WIDE + (_CLOSE if close else ""))


def show(
    world_id: str,
    phones: Sequence[str],
    platform: str,
    part: Mapping[str, Any] | None = None,
) -> None:
    """The apps of a world; with a `part` as the personas of a stage (`apps/beside/main.js`)."""
    data = {
        "world": world_id,
        "language": _console.language(),
        "phones": list(phones),
        "platform": platform,
    }
    _stage(key="stage", data=data if part is None else {**data, "part": dict(part)})


def real_phone(path: str = "") -> None:
    """How a real phone takes part: the code to open it with, or what to start first."""
    url = urllib.parse.urlsplit(str(st.context.url or _console.world().public_url))
    address = apps.phone_address(f"{url.scheme}://{url.netloc}", path)
    host = urllib.parse.urlsplit(address).hostname or ""
    if host in ("127.0.0.1", "localhost", "::1"):
        st.markdown(
            _(
                "A phone cannot reach this machine yet: the console listens to itself alone. Start it with"
                " `yinxin serve --lan`; it then answers over TLS in the local network and shows the code"
                " to scan here."
            )
        )
        return
    picture, words = st.columns([1, 2])
    with picture:
        _look.qr(qr.png(address), address)
    with words:
        st.markdown(
            _(
                "Scan the code with the phone's own camera; it opens the app full screen. The camera inside"
                " the app needs the root certificate that `yinxin serve --lan` names to be trusted."
            )
        )
