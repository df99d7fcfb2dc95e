"""A proof that an event is in the log, drawn: the tree's nodes from the signed root down to the event."""

from __future__ import annotations

import html

import streamlit as st

from engine.evidence.receipts import Proved, Receipt
from engine.evidence.verifier.tree import joined, root_of
from pages import _console
from pages._console import _

_SHOWN = 12
CSS = """<style>
.lp{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:5px 8px;max-width:560px;
font-size:13px;line-height:1.35}
.lp>div{border:1px solid #8886;border-radius:7px;padding:4px 9px;overflow:hidden}
.lp code{font-size:12px;display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;
background:none;padding:0;color:inherit}
.lp .whole{grid-column:1/3;text-align:center}
.lp .way{border-color:#1a7f37;background:#1a7f3718}
.lp .given{border-style:dashed;opacity:.85}
.lp .bad{border-color:#b3261e;background:#b3261e18}
.lp .join{grid-column:1/3;border:0;padding:0;text-align:center;opacity:.55;line-height:.8;font-size:11px}
</style>"""


def _short(node: bytes) -> str:
    return node.hex()[:_SHOWN] + "…"


def _box(kind: str, label: str, node: bytes) -> str:
    code = f"<code title='{node.hex()}'>{_short(node)}</code>"
    return f'<div class="{kind}">{html.escape(label)}{code}</div>'


def steps(one: Proved, size: int) -> list[tuple[bool, bytes, bytes, bytes]]:
    """From the leaf up: whether the proof's node is at the left, both nodes, and the one above them."""
    at, last, own = one.index, size - 1, bytes.fromhex(one.leaf)
    found = []
    for text in one.proof:
        other = bytes.fromhex(text)
        left = bool(at % 2 or at == last)
        pair = (other, own) if left else (own, other)
        own = joined(*pair)
        found.append((left, *pair, own))
        while left and at % 2 == 0 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return found


def draw(receipt: Receipt, one: Proved) -> None:
    """The signed root at the top, the event's leaf at the bottom, and what is given beside the way."""
    head = receipt.head
    path = [bytes.fromhex(text) for text in one.proof]
    made = root_of(bytes.fromhex(one.leaf), one.index, head.size, path)
    good = made.hex() == head.root
    parts = [_box("whole way" if good else "whole bad", _("Signed root"), bytes.fromhex(head.root))]
    event = _("Event {seq}", seq=one.index + 1)
    for number, (left, first, second, _above) in enumerate(
        reversed(steps(one, head.size)), start=1
    ):
        leaf = number == len(path)
        mine = event if leaf else _("worked out")
        given = _("given by the proof")
        parts.append('<div class="join">╱ ╲</div>')
        parts.append(_box("given" if left else "way", given if left else mine, first))
        parts.append(_box("way" if left else "given", mine if left else given, second))
    told = {"seq": one.index + 1, "n": len(path), "size": head.size}
    told["time"] = _console.when(head.timestamp)
    if good:
        st.success(
            _(
                "Event {seq} is in the log of {size} events that was signed at {time}:"
                " its leaf and {n} nodes give the signed root.",
                **told,
            )
        )
    else:
        st.error(_("The proof of event {seq} does not lead to the signed root.", **told))
    st.html(f'{CSS}<div class="lp">{"".join(parts)}</div>')
