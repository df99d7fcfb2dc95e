"""Stuck jobs: what could not be done outside, what is in its way, and taking it up again (OPS)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.kernel import jobs
from engine.operating import actions, model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.MANAGE_SETTINGS)


def _kind(kind: str) -> str:
    return _console.label(f"job.kind.{kind}")


def _concerns(one: model.StuckShown) -> str:
    """What a job is about: the kind of its record and the id, or the bare subject."""
    if not one.record_kind:
        return one.job.subject
    return f"{_console.label(one.record_kind)} {one.record_id}"


def _stuck(found: model.JobsShown) -> None:
    if not found.total:
        st.success(_("Nothing is stuck. What the platform cannot do by itself appears here."))
        return
    kind = st.selectbox(
        _("Kind of job"),
        ["", *found.by_kind],
        format_func=lambda one: f"{_kind(one)} ({found.by_kind[one]})" if one else _("Any kind"),
        key="kind",
        bind="query-params",
    )
    shown = [one for one in found.stuck if kind in ("", one.job.kind)]
    _console.table(
        [
            {
                _("Kind of job"): _kind(one.job.kind),
                _("What is in the way"): _problem(one.job),
                _("Stuck since"): _console.when(one.job.since),
                _("Tries"): one.job.attempts,
                _("Concerns"): _concerns(one),
            }
            for one in shown
        ]
    )
    if found.total > len(found.stuck):
        st.caption(_("The {n} that have waited longest are listed.", n=len(found.stuck)))
    by_id = {one.job.id: one for one in shown}
    given = st.query_params.get("job", "")
    chosen = st.selectbox(
        _("Open a job"),
        list(by_id),
        index=list(by_id).index(given) if given in by_id else None,
        format_func=lambda one: f"{_kind(by_id[one].job.kind)} · {_concerns(by_id[one])}",
        key="job",
        placeholder=_("Choose a job"),
    )
    if chosen in by_id:
        st.query_params["job"] = str(chosen)
        _open(by_id[str(chosen)], found.by_kind[by_id[str(chosen)].job.kind])


def _problem(job: jobs.Stuck) -> str:
    return queries.problem_in_words(job.problem, _console.language())


def _open(one: model.StuckShown, alike: int) -> None:
    """A job with what is in its way, and taking it or all of its kind up again."""
    job = one.job
    with st.container(border=True):
        st.subheader(_kind(job.kind), anchor=False)
        st.text(_problem(job))
        facts = (
            (_("Concerns"), _concerns(one)),
            (_("Stuck since"), _console.when(job.since)),
            (_("Tries"), job.attempts),
        )
        told = " · ".join(f"{name} {value}" for name, value in facts)
        st.caption(f"{told} · {job.id}")
        if one.record_id and staffing.has(_console.me(), Right.LOOK_UP, anywhere=True):
            st.page_link(
                "record.py", label=_("Open the record"), query_params={"id": one.record_id}
            )
        reason = st.text_input(
            _("Why it will go through now"),
            key=f"reason-{job.id}",
            max_chars=500,
            help=_(
                "Kept in the log with your name. Names, phone and card numbers do not belong here."
            ),
        )
        with st.container(horizontal=True):
            # By how it is stuck now: pressed twice it is one act, and stuck again it is another.
            mark = f"{job.id}/{job.since}/{reason}"
            given: dict[str, Any] = {"job_ids": (job.id,), "reason": reason}
            _button(_("Have it done again"), actions.take_up, given, f"one/{mark}", primary=True)
            if alike > 1:
                label = _("Have all {n} of this kind done again", n=alike)
                given = {"kind": job.kind, "reason": reason}
                _button(label, actions.take_up_kind, given, f"kind/{mark}/{alike}")


def _button(
    label: str,
    action: Callable[..., int],
    given: dict[str, Any],
    key: str,
    *,
    primary: bool = False,
) -> None:
    st.button(
        label,
        key=action.__name__,
        type="primary" if primary else "secondary",
        on_click=lambda: _console.perform(action, given, key=f"take-up/{key}", then=_told),
    )


def _told(count: int) -> None:
    st.query_params.pop("job", None)
    st.session_state["told"] = _(
        "Jobs that are done again: {n}. The worker does them at once.", n=count
    )


def _failing(found: model.JobsShown) -> None:
    st.subheader(_("Waiting for somebody who cannot be reached"))
    if not found.failing:
        st.caption(_("Nobody to wait for: every service that was asked has answered."))
        return
    _console.table(
        [
            {
                _("Kind of job"): _kind(one.kind),
                _("Jobs"): one.count,
                _("Oldest since"): _console.when(one.since),
                _("Next try"): _console.when(one.next_at),
            }
            for one in found.failing
        ]
    )


_console.title(
    _("Stuck jobs"),
    _(
        "What the platform should have done outside and could not. Whoever cannot be reached is tried again by itself for three days; what is refused, or fails for a bug, is stuck at once."  # noqa: E501
    ),
)
told = _console.attempt(lambda: _console.ask(queries.unfinished))
_console.show_refusal()
if told is not None:
    with st.container(horizontal=True, gap="large"):
        st.metric(_("Jobs that are stuck"), told.total, width="content")
        again = sum(one.count for one in told.failing)
        st.metric(_("Tried again by themselves"), again, width="content")
    _stuck(told)
    _failing(told)
