"""A record's values in the reader's language, and its blocks as markup; people's text is always escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import groupby
from urllib.parse import quote

import streamlit as st

from engine.records import model, naming, wording
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console

_CSS = """<style>
.yx-rec{font-size:14px;line-height:1.5}
.yx-facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,150px),1fr));
gap:10px 20px;overflow-wrap:anywhere}
.yx-facts small{font-size:12.5px;opacity:.75}
.yx-rec a{color:inherit;text-decoration:underline;text-underline-offset:3px}
.yx-rec ul{list-style:none;margin:0 0 10px;padding:0}
.yx-rec li{padding:7px 0;border-top:1px solid #8883;overflow-wrap:anywhere}
.yx-rec li>small{opacity:.75}.yx-rec .st{border:1px solid #8888;border-radius:99px;padding:0 9px;
font-size:12.5px;white-space:nowrap;margin-left:6px}
.yx-rec h4{font-size:13.5px;margin:12px 0 2px;padding:0;font-weight:600}
.yx-rec .was{opacity:.72;text-decoration:line-through}
.yx-rec .ch{display:block;padding-left:14px}
.yx-rec time{font-variant-numeric:tabular-nums}
</style>"""


def style() -> None:
    """Put the style sheet on the page."""
    st.html(_CSS)


def address(some_id: str) -> str | None:
    """Where the record is that an id belongs to, for who may look records up; None where there is none."""
    if not naming.leads_to_one(some_id) or not staffing.has(
        _console.me(), Right.LOOK_UP, anywhere=True
    ):
        return None
    return f"/record?id={quote(some_id)}"


def beside(some_id: str, text: str) -> str:
    """A link to a record as markup, in a tab of its own: what is at hand stays. Empty where none is."""
    where = address(some_id)
    if where is None:
        return ""
    return f'<a href="{where}" target="_blank" rel="noopener">{html.escape(text)}</a>'


def kind(name: str) -> str:
    """What a kind of record is called."""
    return _console.label(f"record.kind.{name}")


def told(value: model.Value) -> str:
    """A value in the reader's language, times in their zone."""
    return wording.told(value, _console.language(), _console.when)


def marked(value: model.Value | None) -> str:
    """A value as markup: a record as a link to it."""
    if value is None:
        return "—"
    text = html.escape(told(value)) or "—"
    if not value.record:
        return text
    return f'<a href="{address(value.record)}" target="_self">{text}</a>'


def state(found: model.Record) -> None:
    """What kind of record it is, and where it stands."""
    told_state = html.escape(_console.label(found.status))
    st.html(
        f'<div class="yx-rec">{html.escape(kind(found.kind))}<span class="st">{told_state}</span></div>'
    )


def hit(one: model.Hit) -> str:
    """A record as a line: its name as a link, and its state."""
    where = f"/desk?case={quote(one.id)}" if one.kind == "case" else address(one.id)
    state = html.escape(_console.label(one.status))
    return (
        f'<li><a href="{where}" target="_self">{html.escape(one.title)}</a>'
        f'<span class="st">{state}</span></li>'
    )


def hits(found: Iterable[model.Hit]) -> None:
    """Records by their kind, each a link with its state."""
    blocks = [
        f"<h4>{html.escape(kind(name))}</h4><ul>{''.join(hit(one) for one in group)}</ul>"
        for name, group in groupby(sorted(found, key=lambda one: _order(one.kind)), _kind_of)
    ]
    st.html(f'<div class="yx-rec">{"".join(blocks)}</div>')


def _kind_of(one: model.Hit) -> str:
    return one.kind


def _order(name: str) -> int:
    known = (*KINDS, "case")
    return known.index(name)


KINDS: tuple[model.KindName, ...] = (
    "account", "enterprise", "order", "service_order", "certificate", "seal", "contract", "invoice",
    "file",
)  # fmt: skip


def facts(found: Iterable[model.Fact]) -> None:
    """Facts beside each other, as many as fit; below each other on a phone."""
    items = "".join(
        f"<div><small>{html.escape(_console.label(one.name))}</small><br>{marked(one.value)}</div>"
        for one in found
    )
    st.html(f'<div class="yx-rec yx-facts">{items}</div>')


def papers(found: Iterable[model.Paper]) -> None:
    """What was handed in, without what is in it."""
    lines = "".join(
        f"<li>{marked(one.called)}<br><small>{html.escape(one.media_type)} ·"
        f" {one.size / 1024:,.0f} kB · {_console.when(one.created_at)}</small></li>"
        for one in found
    )
    st.html(f'<div class="yx-rec"><ul>{lines}</ul></div>')


def history(entries: Iterable[model.Entry]) -> None:
    """Events, the newest first: when, what, who, and each change from old to new."""
    st.html('<div class="yx-rec"><ul>' + "".join(map(_entry, entries)) + "</ul></div>")


def _entry(one: model.Entry) -> str:
    several = len({each.table for each in one.changes}) > 1
    changes = "".join(_change(each, several) for each in one.changes)
    return (
        f"<li><time>{_console.when(one.occurred_at)}</time> · "
        f"<b>{html.escape(_console.label(one.kind))}</b> · {marked(one.who)}"
        f' <small title="{html.escape(one.subject)}">#{one.seq}</small>{changes}</li>'
    )


def _change(one: model.Change, several: bool) -> str:
    """From old to new; of which thing, where an event changed several."""
    of = f"{_console.label(f'table.{one.table}')} · " if several else ""
    name = html.escape(of + _console.label(one.name))
    old = "" if one.before is None else f'<span class="was">{marked(one.before)}</span> → '
    return f'<span class="ch">{name}: {old}{marked(one.after)}</span>'
