"""Making a bulk act: what is done, to which of all that match, and what it is told for all of them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from engine.bulk import actions, acts, model, queries
from engine.issuing import model as certificates
from engine.issuing import queries as issuing
from engine.kernel import clock, ids
from engine.kernel.reader import Reader
from engine.operating import queries as operating
from engine.policies import model as policies
from engine.reviewing import model as cases
from engine.reviewing import queries as reviewing
from engine.staffing import queries as staffing
from pages import _bulk_one, _bulk_words, _console, _desk_queue, _desk_reading
from pages._console import _

_Freeze = tuple[Callable[..., model.Bulk], dict[str, Any]]


def _colleagues(q: Reader, kind: str) -> dict[str, str]:
    """Who else may decide cases of a kind, or of any, somewhere; by name."""
    rights = [cases.RIGHT_FOR[kind]] if kind else list(cases.RIGHT_FOR.values())
    found = {}
    for one in staffing.everyone(q):
        actor = staffing.actor(q, one.id)
        if actor and any(staffing.has(actor, right, anywhere=True) for right in rights):
            found[one.id] = one.name
    return found


def form() -> None:
    """Choose an act and a filter; freezing the list is the one thing that is done here."""
    offered = _console.ask(queries.offered)
    if not offered:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        chosen = st.selectbox(
            _("What is done"),
            offered,
            format_func=_bulk_words.act,
            key="act",
            bind="query-params",
        )
        name = str(chosen or offered[0])
        act = acts.ACTS[name]
        st.markdown(f"**{_('To all that match')}**")
        freeze, found = {"case": _cases, "certificate": _certificates, "job": _jobs}[act.target]()
        count, more = found()
        st.metric(_("Match now"), f"{count:,}{'+' if more else ''}", width="content")
    with right:
        st.markdown(f"**{_('The same for all of them')}**")
        given = _given(name, act, freeze[1])
        note = st.text_input(
            _("What this is about"),
            key="bulk-note",
            max_chars=model.LONGEST_NOTE,
            help=_(
                "Kept in the log with your name. Names, phone and card numbers do not belong here."
            ),
        )
        _rules_told(act)
        action, arguments = freeze
        given_all = {"act": name, "given": given, "note": note, **arguments}
        key = f"freeze/{ids.token(ids.system_entropy, 12)}"

        def press() -> None:
            _console.perform(action, given_all, key=key, then=lambda made: _bulk_one.go(made.id))

        st.button(
            _("Freeze the list and try it"),
            type="primary",
            key="freeze",
            disabled=not count,
            on_click=press,
        )


def _rules_told(act: acts.Act) -> None:
    rules = _console.ask(queries.rules)
    told = [_("Freezing changes nothing: the list is tried first, and you see what would happen.")]
    if act.final:
        told.append(_("This cannot be taken back: a second person agrees before it runs."))
    else:
        told.append(
            _("Above {n} items a second person agrees before it runs.", n=rules.alone_up_to)
        )
    st.caption(" ".join(told))


def _cases() -> tuple[_Freeze, Callable[[], tuple[int, bool]]]:
    """The queue's own filter."""
    choices = _console.ask(_desk_reading.choices)
    text = st.text_input(
        _("Search the queue"), key="q", bind="query-params", label_visibility="collapsed",
        placeholder=_("Enterprise or title"),
    )  # fmt: skip
    wanted = _desk_queue.narrowed(choices)
    with st.expander(_("More filters")):
        wanted = _desk_queue.narrowed_more(choices, wanted)
    wanted = dataclasses.replace(wanted, text=(text or "").strip())
    return (
        (actions.freeze_cases, {"wanted": wanted}),
        lambda: _console.ask(reviewing.count, wanted),
    )


def _certificates() -> tuple[_Freeze, Callable[[], tuple[int, bool]]]:
    """By platform, authority, enterprise, state, and when they were asked for."""
    choices = _console.ask(_desk_reading.choices)
    one, two = st.columns(2, gap="small")
    with one:
        platform = _desk_queue.picked("platform", choices.platforms, _("All platforms"))
        enterprise = st.text_input(
            _("Enterprise (its id)"), key="enterprise", bind="query-params", max_chars=60
        )
        first = st.date_input(_("Asked for from"), value=None, key="from", bind="query-params")
    with two:
        authorities = _console.ask(lambda q: q.policies(policies.CertificateAgency))
        agency = _desk_queue.picked(
            "agency", {code: each.label for code, each in authorities.items()}, _("All authorities")
        )
        states = {
            each: _console.label(f"certificate.status.{each}") for each in certificates.CHOOSABLE
        }
        status = st.selectbox(
            _("State of the certificate"), ["", *states], key="status", bind="query-params",
            format_func=lambda s: states[s] if s else _("Any state"),
        )  # fmt: skip
        last = st.date_input(_("Asked for until"), value=None, key="until", bind="query-params")
    wanted = certificates.Chosen(
        platform_id=platform,
        agency_id=agency,
        enterprise_id=(enterprise or "").strip(),
        status=status or "",
        made_from=clock.start_of(first) if first else None,
        made_to=clock.start_of(last + datetime.timedelta(days=1)) if last else None,
    )
    return (
        (actions.freeze_certificates, {"wanted": wanted}),
        lambda: (len(_console.ask(issuing.chosen, wanted)), False),
    )


def _jobs() -> tuple[_Freeze, Callable[[], tuple[int, bool]]]:
    """By kind."""
    by_kind = _console.ask(operating.unfinished).by_kind
    kind = st.selectbox(
        _("Kind of job"), ["", *by_kind], key="job_kind", bind="query-params",
        format_func=lambda k: f"{_console.label(f'job.kind.{k}')} ({by_kind[k]})" if k else _("Any kind"),
    )  # fmt: skip
    count = by_kind.get(kind, 0) if kind else sum(by_kind.values())
    return (actions.freeze_jobs, {"kind": kind or ""}), lambda: (count, False)


def _given(name: str, act: acts.Act, arguments: Mapping[str, Any]) -> model.Given:
    """The fields that the act takes."""
    wanted = arguments.get("wanted")
    kind = wanted.kinds[0] if isinstance(wanted, cases.Wanted) and wanted.kinds else ""
    reasons: tuple[str, ...] = ()
    reason = staff_id = ""
    if "reasons" in act.takes:
        reasons = _reasons(kind)
    if name == "hold":
        reason = _one_of(
            _("Why is it put on hold?"),
            {c: _console.told(one.text) for c, one in _hold_reasons(kind).items()},
        )
    elif "reason" in act.takes:
        codes = _console.ask(issuing.revocation_reasons)
        reason = _one_of(_("Reason"), {code: _bulk_words.revocation(code) for code in codes})
    if "staff_id" in act.takes:
        staff_id = _one_of(_("To which colleague"), _console.ask(_colleagues, kind))
    note = ""
    if act.target != "certificate" and name not in ("resume", "urge"):
        note = st.text_input(_("Note that goes with each"), key="each-note", max_chars=200)
    return model.Given(reasons=reasons, reason=reason, staff_id=staff_id, note=note or "")


def _hold_reasons(kind: str) -> Mapping[str, policies.HoldReason]:
    found = _console.ask(lambda q: q.policies(policies.HoldReason))
    return {code: one for code, one in found.items() if not kind or one.fits(kind)}


def _reasons(kind: str) -> tuple[str, ...]:
    """Reasons are of a kind, so that a kind is chosen first."""
    if not kind:
        st.info(_("Choose one kind of case first: reasons to reject belong to a kind."))
        return ()
    found = _console.ask(reviewing.reasons_for, kind)
    chosen = st.multiselect(
        _("Reasons to reject"),
        list(found),
        format_func=lambda code: _console.told(found[code].text),
        key="reasons",
    )
    return tuple(chosen)


def _one_of(label: str, options: Mapping[str, str]) -> str:
    chosen = st.selectbox(
        label, list(options), index=None, format_func=lambda one: options[one], key=f"one-{label}",
        placeholder=_("Choose"),
    )  # fmt: skip
    return str(chosen or "")
