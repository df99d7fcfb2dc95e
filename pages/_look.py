"""Building blocks of the handset's and the mall's look. Markup is constant; people's text is escaped."""

from __future__ import annotations

import base64
import html

import streamlit as st

CSS = """<style>
.yx-bar{display:flex;justify-content:space-between;font-size:12px;opacity:.7;padding:0 4px 6px}
.yx-head{text-align:center;font-weight:600;padding:2px 0 10px;border-bottom:1px solid #8884;
margin-bottom:10px}
.yx-card{border:1px solid #8884;border-radius:12px;padding:10px 14px;margin:8px 0;line-height:1.55}
.yx-card b{font-weight:600}.yx-card small{opacity:.7}
.yx-pill{display:inline-block;border-radius:99px;
padding:1px 10px;font-size:12px;border:1px solid currentColor}
.yx-ok{color:#1a7f37}.yx-wait{color:#9a6700}.yx-bad{color:#c8102e}
.yx-sms{background:rgba(128,128,128,.12);border-radius:12px;padding:8px 12px;margin:8px 0;font-size:14px}
.yx-qr{text-align:center}
.yx-qr img{width:min(100%,230px);image-rendering:pixelated;background:#fff;padding:8px;
border-radius:8px}.yx-qr.old img{opacity:.15}
.st-key-phone{max-width:400px;margin:0 auto;
border:10px solid #2b2b30!important;border-radius:38px!important;
padding:14px 16px 20px!important;min-height:640px}
.st-key-phone button{min-height:44px}
.st-key-pc{border-radius:10px!important;min-height:640px}
@media (prefers-color-scheme:dark){.yx-ok{color:#3fb950}.yx-wait{color:#d29922}.yx-bad{color:#ff6b81}}
</style>"""


def style() -> None:
    """Put the style sheet on the page."""
    st.html(CSS)


def head(title: str) -> None:
    """The status bar and title bar of the handset."""
    st.html(
        '<div class="yx-bar"><span>印信</span><span>5G ▮▮▮</span></div>'
        f'<div class="yx-head">{html.escape(title)}</div>'
    )


def card(title: str, *lines: str, pill: str = "", tone: str = "wait") -> None:
    """A card: a bold title, lines under it, and a state with its word."""
    state = f' <span class="yx-pill yx-{tone}">{html.escape(pill)}</span>' if pill else ""
    body = "".join(f"<br><small>{html.escape(line)}</small>" for line in lines)
    st.html(f'<div class="yx-card"><b>{html.escape(title)}</b>{state}{body}</div>')


def sms(text: str) -> None:
    """A text message as it pops up on the phone."""
    st.html(f'<div class="yx-sms">{html.escape(text)}</div>')


def qr(png: bytes, caption: str, *, old: bool = False) -> None:
    """A QR picture; greyed when its time is over."""
    data = base64.b64encode(png).decode()
    grey = " old" if old else ""
    st.html(
        f'<div class="yx-qr{grey}"><img alt="QR" src="data:image/png;base64,{data}"><br>'
        f"{html.escape(caption)}</div>"
    )
