"""The case: what is asked beside the papers, what the machine checked, the clocks, what came before."""

from __future__ import annotations

import base64
import html
from typing import Any

import streamlit as st

from engine.http import app_files
from engine.kernel import errors
from engine.kernel.catalog import Text
from engine.reviewing import model
from engine.sealing import previews
from pages import _console, _desk_contract, _record_words
from pages._console import _
from pages._desk_queue import due
from pages._desk_reading import Shown

_JS = f'const desk = import(location.origin + "{app_files.address("desk/papers.js")}");'
_JS += """
export default function({ parentElement, data }) {
  desk.then((papers) => papers.spread(parentElement, data));
  return () => { desk.then((papers) => papers.leave(parentElement)); };
}
"""
_papers = st.components.v2.component("yinxin_desk_papers", js=_JS, isolate_styles=False)
_PICTURES = ("image/png", "image/jpeg", "image/webp")
# The place of the stamp on the form, and what was cut out of it.
_STAMP = ("stamp", "impression")
_SEALS = ("seal", "seal_making")


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
    if case.approved_by and case.decided_at is None:
        who = _console.listed(shown.names.get(one, "") for one in case.approved_by)
        told.append(f"<span>{html.escape(_('approved by {names}', names=who))}</span>")
    if case.hold_reason and case.status is model.CaseStatus.HELD:
        known = shown.hold_reasons.get(case.hold_reason)
        reason = _console.told(known.text) if known else case.hold_reason
        why = " · ".join(part for part in (reason, case.hold_note) if part)
        told.append(f"<span>{html.escape(why)}</span>")
    told.append(_record_words.beside(case.subject_id, _("Record")))
    st.html(f'<div class="desk-head" data-case="{case.id}">{"".join(told)}</div>')


def _answer(shown: Shown, codes: tuple[str, ...]) -> str:
    """Which reasons of the rejection a change answers."""
    texts = [_console.told(shown.known[code].text) for code in codes if code in shown.known]
    return html.escape(_("answers: {reasons}", reasons="；".join(texts))) if texts else ""


def _was(shown: Shown, name: str) -> str:
    """What a field was when it was rejected, when that is another value."""
    if shown.changes is None:
        return ""
    for one in shown.changes.fields:
        if one.name != name or one.how is model.How.SAME:
            continue
        before = _("changed behind the mask") if one.behind_mask else _console.told(one.before)
        told = f"<del>{html.escape(before)}</del>" if before else html.escape(_("new"))
        return f"<small>{told} {_answer(shown, one.answers)}</small>"
    return ""


def changes(shown: Shown) -> None:
    """What was corrected since the rejection, and which reasons nothing answers (OPS-5)."""
    found = shown.changes
    if found is None:
        return
    rows = []
    for field in found.fields:
        if field.how is not model.How.SAME:
            rows.append((_said(field.label, message=True), field.how, field.answers))
    for paper in found.papers:
        if paper.how is not model.How.SAME:
            rows.append((_said(paper.label, message=True), paper.how, paper.answers))
    told = "".join(
        f"<li><b>{label}</b> {html.escape(_console.label(f'change.how.{how}'))}"
        f" <small>{_answer(shown, answers)}</small></li>"
        for label, how, answers in rows
    )
    left = "".join(
        f'<li class="desk-late">{html.escape(_("not answered:"))} {_said(shown.known[code].text)}</li>'
        for code in found.unanswered
        if code in shown.known
    )
    nothing = f"<li class=desk-late>{html.escape(_('the very same was submitted again'))}</li>"
    st.html(
        f'<div class="desk-changes"><b>{html.escape(_("Corrected since the rejection"))}</b>'
        f"<ul>{told or nothing}{left}</ul></div>"
    )


def fields(shown: Shown, lit: frozenset[str]) -> None:
    """Every value whole, however long: it is compared with the papers sign by sign."""
    rows = "".join(
        f'<tr data-field="{html.escape(one.name)}"{" class=desk-lit" if one.name in lit else ""}>'
        f'<th scope="row">{_said(one.label, message=True)}</th>'
        f"<td>{_said(one.value) or '—'}{_was(shown, one.name)}</td></tr>"
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


def _line(*parts: str) -> str:
    """A line of a list; parts that are empty are left out."""
    return f"<li>{html.escape(' · '.join(part for part in parts if part))}</li>"


def notes(shown: Shown) -> None:
    """What colleagues wrote for each other."""
    rows = ""
    for one in shown.notes:
        text = one.text if one.text is not None else _("forgotten with the person it was about")
        rows += _line(one.name, _console.when(one.written_at)[5:], text)
    if rows:
        st.html(
            f'<p class="desk-sub">{html.escape(_("Remarks of colleagues"))}</p>'
            f'<ul class="desk-history">{rows}</ul>'
        )


def history(shown: Shown) -> None:
    """What was decided about the same subject before, and why."""
    rows = ""
    for one in reversed(shown.earlier):
        why = "；".join(
            _console.told(shown.known[code].text) if code in shown.known else code
            for code in one.reasons
        )
        rows += _line(
            _console.when(one.decided_at or one.opened_at),
            _console.told(shown.kinds[one.kind].label) if one.kind in shown.kinds else one.kind,
            _console.label(f"case.status.{one.status}"),
            shown.names.get(one.decided_by or "", ""),
            why,
            one.note,
        )
    if rows:
        st.html(
            f'<p class="desk-sub">{html.escape(_("Before"))}</p><ul class="desk-history">{rows}</ul>'
        )


def course(shown: Shown) -> None:
    """What happened to this case until now, folded away: who did it and when."""
    rows = ""
    for one in reversed(shown.course):
        rows += _line(
            _console.when(one.occurred_at), _console.label(one.kind), shown.names.get(one.actor, "")
        )
    title = html.escape(_("This case so far ({n})", n=len(shown.course)))
    st.html(
        f'<details class="desk-course"><summary class="desk-sub">{title}</summary>'
        f'<ul class="desk-history">{rows}</ul></details>'
    )


def _tab(paper: model.Paper, label: str, code: str) -> dict[str, Any]:
    kind = "pdf" if paper.media_type == "application/pdf" else "file"
    return {
        "code": code,
        "label": label,
        "address": f"/w/{_console.world().id}/media/{paper.blob_id}",
        "kind": "image" if paper.media_type in _PICTURES else kind,
    }


def _beside(tabs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A stamp as it was handed in stands beside what was cut out of it, under one tab (SEA-1)."""
    stamp, cut = (next((t for t in tabs if t["code"] == code), None) for code in _STAMP)
    if stamp is None or cut is None:
        return tabs
    pictures = [{"label": one["label"], "address": one["address"]} for one in (stamp, cut)]
    both = {**stamp, "label": _("Stamp: before and after"), "kind": "pair", "pictures": pictures}
    return [both if one is stamp else one for one in tabs if one is not cut]


def _tabs(shown: Shown) -> list[dict[str, Any]]:
    """The papers; beside one that was replaced stands what it replaced."""
    replaced = {one.code: one for one in shown.changes.papers} if shown.changes else {}
    tabs = []
    for paper in shown.sheet.papers:
        label = _console.told(paper.label, message=True)
        change = replaced.get(paper.code)
        if change is None or change.how is model.How.SAME:
            tabs.append(_tab(paper, label, paper.code))
            continue
        tabs.append(_tab(paper, f"● {label}", paper.code))
        if change.before is not None:
            tabs.append(_tab(change.before, _("before: {paper}", paper=label), ""))
    return [*_drawn(shown, _beside(tabs)), *_look(shown)]


def _drawn(shown: Shown, tabs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A contract's document is shown page by page, as its parties saw it."""
    pictures = _desk_contract.pictures(shown)
    return [
        {**one, "kind": "pages", "pictures": pictures}
        if pictures and one["code"] == "document"
        else one
        for one in tabs
    ]


def _look(shown: Shown) -> list[dict[str, Any]]:
    """The seal that is asked for, as it will look: the maker compares it before making it."""
    if shown.case.kind not in _SEALS:
        return []
    try:
        drawn = _console.ask(previews.as_it_will_look, application_id=shown.case.subject_id)
    except errors.EngineError:
        # A name that no face can draw: the case is decided by its fields, and says so there.
        return []
    if drawn is None:
        return []
    address = f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
    return [{"code": "", "label": _("As it will look"), "address": address, "kind": "image"}]


def papers(shown: Shown, lit: frozenset[str]) -> None:
    """The papers, one at a time, as large as there is room."""
    _papers(
        key="desk-papers",
        data={
            "case": shown.case.id,
            "papers": _tabs(shown),
            "lit": sorted(lit),
            "words": {
                "papers": _("Papers"),
                "open": _("Open"),
                "in": _("Enlarge"),
                "out": _("Make smaller"),
                "turn": _("Turn"),
                "fit": _("Whole"),
                "gone": _("This paper cannot be shown: it was destroyed, or is damaged."),
                "none": _("This case has no papers: decide it by the fields and the checks."),
            },
        },
    )
