"""One bulk act: its frozen list, what the dry run foresaw, the run, and a result for each item."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.bulk import actions, model, queries
from pages import _bulk_items, _bulk_words, _console, _live
from pages._console import _

S = model.BulkStatus
# Where a reader is, in the address: which one, which part of the list of all, which of its items.
_PLACE = ("id", "before", "after", "shown")


def go(bulk_id: str) -> None:
    """Show a bulk act, or all of them. What a field is bound to has to stay in the address."""
    if bulk_id == st.query_params.get("id", ""):
        return
    for name in _PLACE:
        st.query_params.pop(name, None)
    if bulk_id:
        st.query_params["id"] = bulk_id


def show(bulk_id: str) -> None:
    """The whole record; what is under way draws itself anew as it goes on."""
    _live.follow(lambda: _draw(bulk_id), key="bulk")


def _draw(bulk_id: str) -> None:
    told = _console.attempt(lambda: _console.ask(queries.one, bulk_id))
    if told is None:
        _console.show_refusal()
        return
    found = told.bulk
    st.subheader(f"{_bulk_words.act(found.act)} · {_bulk_words.state(found)}", anchor=False)
    _console.show_refusal()
    _facts(told)
    _frozen(told)
    _tried(told)
    _run(told)
    _acts(told)
    if told.progress.rehearsed:
        _bulk_items.items(told)


def _facts(told: queries.Shown) -> None:
    found = told.bulk
    agreed = f"{told.approver} · {_console.when(found.approved_at)}" if told.approver else ""
    facts = [
        (_("List made by"), f"{told.maker} · {_console.when(found.made_at)}"),
        (_("Filter"), _bulk_words.wanted(found)),
        (_("For all of them"), _bulk_words.given(found)),
        (_("About"), found.note),
        (_("Agreed to by"), agreed),
        (_("Started"), _console.when(found.started_at) if found.started_at else ""),
        (_("Ended"), _console.when(found.ended_at) if found.ended_at else ""),
    ]  # fmt: skip
    rows = "".join(
        f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>"
        for name, value in facts
        if value
    )
    st.html(f'<dl class="bulk-facts">{rows}</dl>')


def _frozen(told: queries.Shown) -> None:
    found = told.bulk
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.metric(_("On the frozen list"), f"{found.size:,}", width="content")
        st.caption(
            _(
                "Nothing is added to it and nothing leaves it. Digest of the list (SHA-256): {digest}",
                digest=found.list_digest[:16],
            ),
            help=found.list_digest,
        )
    with st.expander(_("The head of the list")):
        for one in told.sample:
            st.text(
                " · ".join((str(one.position + 1), told.titles.get(one.item_id, ""), one.item_id))
            )


def _tried(told: queries.Shown) -> None:
    progress = told.progress
    st.markdown(f"**{_('Dry run')}**")
    if told.bulk.status is S.REHEARSING:
        share = progress.rehearsed / progress.size
        st.progress(share, text=_("Tried: {n} of {of}", n=progress.rehearsed, of=progress.size))
    if not progress.rehearsed:
        return
    refused = progress.rehearsed - progress.would
    _bar(
        ((_("would go through"), progress.would, "fine"), (_("would be refused"), refused, "late"))
    )
    _by_reason(progress.foreseen)
    st.caption(
        _(
            "Each item was tried by itself, by the very rules, and undone. What changes until the run is shown as a difference."  # noqa: E501
        )
    )


def _bar(parts: tuple[tuple[str, int, str], ...]) -> None:
    """Counts as one bar, each with its word."""
    total = sum(count for _name, count, _tone in parts) or 1
    drawn = "".join(
        f'<span class="bulk-{tone}" style="width:{100 * count / total:.2f}%"></span>'
        for _name, count, tone in parts
    )
    told = " · ".join(f"{html.escape(name)} {count:,}" for name, count, _tone in parts)
    st.html(f'<div class="bulk-bar" role="img" aria-label="{told}">{drawn}</div><p>{told}</p>')


def _by_reason(counts: Any) -> None:
    rows = [
        {_("Why refused"): _bulk_words.outcome(code), _("Items"): n}
        for code, n in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        if code != model.DONE
    ]
    if rows:
        _console.table(rows)


def _run(told: queries.Shown) -> None:
    found, progress = told.bulk, told.progress
    if found.started_at is None:
        return
    st.markdown(f"**{_('The run')}**")
    ended = progress.done + progress.refused
    parts = [_("Ended: {n} of {of}", n=f"{ended:,}", of=f"{progress.size:,}")]
    if progress.rate is not None and progress.left:
        parts.append(_("{n} a minute", n=f"{progress.rate:,}"))
        parts.append(_("about {span} left", span=_console.span(progress.left_ms or 0)))
    st.text(" · ".join(parts))
    _bar(
        (
            (_("done"), progress.done, "fine"),
            (_("refused"), progress.refused, "late"),
            (_("still open"), progress.left, "open"),
        )
    )
    if progress.otherwise:
        st.warning(_("Ended otherwise than the dry run said: {n}", n=progress.otherwise))
    elif ended:
        st.caption(_("Every item ended as the dry run said."))
    if found.why:
        st.warning(_bulk_words.outcome(found.why))
    _by_reason(progress.outcomes)


def _acts(told: queries.Shown) -> None:
    found, progress = told.bulk, told.progress
    waits = found.status is S.REHEARSED and told.second
    if waits and "approve" not in told.possible:
        st.info(
            _("A second person has to agree before it runs: send them the address of this page.")
        )
    digest = {"digest": found.rehearsal_digest}
    named: dict[str, tuple[str, Callable[..., Any], dict[str, Any]]] = {
        "approve": (_("Agree to this list of {n}", n=f"{found.size:,}"), actions.approve, digest),
        "start": (_("Do it to {n} items", n=f"{progress.would:,}"), actions.start, digest),
        "pause": (_("Let it rest"), actions.pause, {}),
        "go_on": (_("Go on with {n}", n=f"{progress.left:,}"), actions.go_on, {}),
        "stop": (_("Stop for good"), actions.stop, {}),
        "rehearse_again": (_("Try it again"), actions.rehearse_again, {}),
        "drop": (_("Put the list away"), actions.drop, {}),
    }
    main = {"approve", "start", "go_on"}
    with st.container(horizontal=True):
        for verb in named:
            if verb in told.possible:
                label, action, more = named[verb]
                _button(verb, label, action, {"bulk_id": found.id, **more}, found, verb in main)
        if (
            model.BULK.terminal(found.status)
            and progress.refused
            and found.made_by == _console.me().staff_id
        ):
            label = _("A new list of the {n} refused", n=progress.refused)
            _button("again", label, actions.freeze_refused, {"bulk_id": found.id}, found, False)
    if "start" in told.possible:
        st.caption(
            _(
                "You are asked nothing more after this. What would be refused is tried and refused again."
            )
        )


def _button(
    verb: str,
    label: str,
    action: Callable[..., model.Bulk],
    given: dict[str, Any],
    found: model.Bulk,
    main: bool,
) -> None:
    # By how it stands now: pressed twice it is one act, and after a pause it is another.
    key = f"{verb}/{found.id}/{found.status}/{found.turn}/{found.rehearsal_digest[:12]}"

    def press() -> None:
        _console.perform(action, given, key=key, then=lambda made: go(made.id))

    st.button(
        label,
        key=f"bulk-{verb}",
        type="primary" if main else "secondary",
        on_click=press,
    )
