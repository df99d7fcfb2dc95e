"""The case: what is asked beside the papers, what the machine checked, the clocks, what came before."""

from __future__ import annotations

import html

import streamlit as st

from engine.kernel.catalog import Text
from engine.reviewing import model
from pages import _console
from pages._console import _
from pages._desk_queue import due
from pages._desk_reading import Shown

_JS = """
const desk = import(location.origin + "/apps/desk/papers.js");
export default function({ parentElement, data }) {
  desk.then((papers) => papers.spread(parentElement, data));
  return () => { desk.then((papers) => papers.leave(parentElement)); };
}
"""
_papers = st.components.v2.component("yinxin_desk_papers", js=_JS, isolate_styles=False)
_PICTURES = ("image/png", "image/jpeg", "image/webp")


def _said(value: str | Text, *, message: bool = False) -> str:
    return html.escape(_console.told(value, message=message))


def head(shown: Shown) -> None:
    """Which case it is, where it stands and until when."""
    case, clocks = shown.case, shown.row.clocks
    text, tone = due(shown.row)
    told = [
        f"<b>{html.escape(case.title)}</b>",
        f"<span>{_said(shown.rule.label)}</span>",
        f"<span>{html.escape(_console.label(f'case.status.{case.status}'))}</span>",
    ]
    if case.decided_at is None:
        told.append(
            f'<span class="desk-{tone}">'
            + html.escape(_("decide by {due}", due=_console.when(clocks.decision_due)[5:]))
            + (f" · {html.escape(text)}" if tone in ("late", "paused") else "")
            + "</span>"
        )
    told.append(
        "<span>"
        + html.escape(_("{span} of office hours open", span=_console.span(clocks.open_ms)))
        + "</span>"
    )
    if "approve" in shown.row.possible:
        until = _console.when(case.lease_until)[11:]
        told.append(f"<span>{html.escape(_('yours until {until}', until=until))}</span>")
    elif case.assignee and case.status is model.CaseStatus.CLAIMED:
        name = shown.names.get(case.assignee, "")
        told.append(f"<span>{html.escape(_('with {name}', name=name))}</span>")
    if case.hold_reason and case.status is model.CaseStatus.HELD:
        told.append(f"<span>{html.escape(case.hold_note or case.hold_reason)}</span>")
    st.html(f'<div class="desk-head" data-case="{case.id}">{"".join(told)}</div>')


def fields(shown: Shown, lit: frozenset[str]) -> None:
    """Every value whole, however long: it is compared with the papers sign by sign."""
    rows = "".join(
        f'<tr data-field="{html.escape(one.name)}"{" class=desk-lit" if one.name in lit else ""}>'
        f'<th scope="row">{_said(one.label, message=True)}</th><td>{_said(one.value) or "—"}</td></tr>'
        for one in shown.sheet.fields
    )
    st.html(f'<table class="desk-fields"><tbody>{rows}</tbody></table>')


def checks(shown: Shown) -> None:
    """What the machine checked already; what does not hold stands first."""
    rows = ""
    for one in sorted(shown.sheet.checks, key=lambda check: check.ok):
        detail = " · ".join(_console.label(code) for code in one.detail)
        tone, mark = ("ok", "✓") if one.ok else ("late", "✗")
        more = f" <small>{html.escape(detail)}</small>" if detail else ""
        rows += f'<li><b class="desk-{tone}">{mark}</b>{html.escape(_(one.label))}{more}</li>'
    if rows:
        st.html(
            f'<p class="desk-sub">{html.escape(_("Checked already"))}</p>'
            f'<ul class="desk-checks">{rows}</ul>'
        )


def history(shown: Shown) -> None:
    """What was decided about the same subject before, and why."""
    rows = ""
    for one in reversed(shown.earlier):
        why = "；".join(
            shown.reasons[code].text.in_language(_console.language())
            if code in shown.reasons
            else code
            for code in one.reasons
        )
        told = [
            _console.when(one.decided_at or one.opened_at),
            _console.label(f"case.status.{one.status}"),
            shown.names.get(one.decided_by or "", ""),
            why,
            one.note,
        ]
        rows += f"<li>{html.escape(' · '.join(part for part in told if part))}</li>"
    if rows:
        st.html(
            f'<p class="desk-sub">{html.escape(_("Before"))}</p><ul class="desk-history">{rows}</ul>'
        )


def papers(shown: Shown, lit: frozenset[str]) -> None:
    """The papers, one at a time, as large as there is room."""
    world = _console.world().id

    def kind(media_type: str) -> str:
        if media_type in _PICTURES:
            return "image"
        return "pdf" if media_type == "application/pdf" else "file"

    _papers(
        key="desk-papers",
        data={
            "case": shown.case.id,
            "papers": [
                {
                    "code": one.code,
                    "label": _console.told(one.label, message=True),
                    "address": f"/w/{world}/media/{one.blob_id}",
                    "kind": kind(one.media_type),
                }
                for one in shown.sheet.papers
            ],
            "lit": sorted(lit),
            "words": {
                "papers": _("Papers"),
                "open": _("Open"),
                "in": _("Enlarge"),
                "out": _("Make smaller"),
                "turn": _("Turn"),
                "fit": _("Whole"),
                "none": _("This case has no papers: decide it by the fields and the checks."),
            },
        },
    )
