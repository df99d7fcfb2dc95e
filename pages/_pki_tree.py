"""The hierarchy of the authorities as a picture: roots, issuing authorities, and what is around them."""

from __future__ import annotations

import html

import streamlit as st

from engine.boot import pki_status
from pages import _console
from pages._console import _

CSS = """<style>
.pki{display:flex;flex-direction:column;gap:14px}
.pki-root{border-left:3px solid #8886;padding:2px 0 2px 14px}
.pki-box{border:1px solid #8884;border-radius:8px;padding:8px 12px;max-width:100%;line-height:1.5}
.pki-box b{font-weight:600}.pki-box small{opacity:.72;display:block;overflow-wrap:anywhere}
.pki-below{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));
gap:10px;margin:10px 0 0 22px;position:relative}
.pki-below::before{content:"";position:absolute;left:-12px;top:-10px;bottom:12px;
border-left:1px solid #8886}
.pki-parts{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px}
.pki-part{font-size:12.5px;border:1px solid #8884;border-radius:6px;padding:1px 8px}
.pki-ok{color:#1a7f37}.pki-bad{color:#b3261e}.pki-old{opacity:.75}
.pki-state{font-size:12.5px;margin-left:6px;white-space:nowrap}
.pki-bridge{font-size:13px;opacity:.8;margin:0 0 0 14px}
@media (prefers-color-scheme:dark){.pki-ok{color:#3fb950}.pki-bad{color:#ff7b72}}
@media (max-width:640px){.pki-below{margin-left:10px}}
</style>"""


def draw(found: pki_status.Status) -> None:
    """Each root with the authorities that it certified; a bridge between roots is a line of its own."""
    roots = "".join(_root(found, one) for one in found.roots)
    bridges = "".join(
        f'<div class="pki-bridge">⇄ {html.escape(_bridge(one))}</div>' for one in found.bridges
    )
    st.html(f'{CSS}<div class="pki">{roots}{bridges}</div>')


def _root(found: pki_status.Status, root: pki_status.Authority) -> str:
    below = "".join(_authority(one) for one in found.authorities if one.above == root.own.label)
    return (
        f'<div class="pki-root">{_box(root, _("Root, key offline"), "")}'
        f'<div class="pki-below">{below}</div></div>'
    )


def _authority(one: pki_status.Authority) -> str:
    kinds = {"ocsp": _("OCSP responder"), "tsa": _("Time-stamper")}
    parts = "".join(
        f'<span class="pki-part">{html.escape(kinds[held.kind])} · '
        f"{html.escape(_('until {day}', day=_day(held.not_after)))}</span>"
        for held in one.delegates
    )
    told = _("issues now") if one.current else _("answers for what it issued")
    return _box(one, told, f'<div class="pki-parts">{parts}</div>')


def _box(one: pki_status.Authority, role: str, more: str) -> str:
    state = ""
    if one.answers is not None:
        good = one.answers
        word = _("answers") if good else _("does not answer")
        mark = "●" if good else "✕"
        state = f'<span class="pki-state pki-{"ok" if good else "bad"}">{mark} {html.escape(word)}</span>'
    term = _("{begin} to {end}", begin=_day(one.own.not_before), end=_day(one.own.not_after))
    return (
        f'<div class="pki-box{"" if one.current else " pki-old"}"><b>{html.escape(one.own.name)}</b>{state}'
        f"<small>{html.escape(role)} · {html.escape(term)}</small>"
        f"<small>SHA-256 {one.own.sha256[:16]}…</small>{more}</div>"
    )


def _bridge(held: pki_status.Held) -> str:
    [issuer] = held.certificate.issuer.get_attributes_for_oid(pki_status.x509.NameOID.COMMON_NAME)
    return _("{name} is vouched for by {other}", name=held.name, other=issuer.value)


def _day(at_ms: int) -> str:
    return _console.when(at_ms)[:10]
