"""What was planted in the people of a run, and how much of it rules and people found."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _console, _lab_words
from pages._console import _
from simulations import answers
from simulations.answers import Answer, Score
from simulations.runs import Folder
from simulations.statistics import intervals


def draw(folder: Folder) -> None:
    """Precision and recall of the rules, of the people and of both; and each kind of lie by itself."""
    paths = sorted(folder.path.glob("**/answers-*.parquet"))
    rows = answers.read(*paths)
    if not rows:
        _console.empty(
            _(
                "Nothing was decided of which the truth is known. Plant something in a scenario under"
                " [planted], or let applications deserve a no under [review]."
            )
        )
        return
    st.caption(
        _(
            "Recall: of what was there, how much was found. Precision: of what was refused or warned of,"
            " how much rightly so. Behind each its 95 % interval (Wilson)."
        )
    )
    _console.table(
        [
            _line(_("The engine’s rules"), answers.of_rules(rows)),
            _line(_("Reviewers, without a warning"), answers.of_people(rows)),
            _line(_("In the end, by whomever"), answers.of_both(rows)),
        ]
    )
    truths = sorted({row.truth for row in rows} - {answers.HONEST})
    if truths:
        st.subheader(_("By what was not true"))
        _console.table([_of_truth(rows, truth) for truth in truths])
    _mistakes(rows)


def _line(name: str, score: Score) -> dict[str, object]:
    return {
        _("Who"): name,
        _("There"): score.there,
        _("Found"): score.found,
        _("Recall"): _share(score.found, score.there),
        _("Alarms"): score.alarms,
        _("Rightly"): score.right,
        _("Precision"): _share(score.right, score.alarms),
    }


def _share(found: int, of: int) -> str:
    """A share with its interval, or that there is nothing to take a share of."""
    if not of:
        return "—"
    known = intervals.proportion_interval(found, of)
    return f"{100 * known.mean:.0f} % ({100 * known.low:.0f}–{100 * known.high:.0f})"


def _of_truth(rows: Sequence[Answer], truth: str) -> dict[str, object]:
    score = answers.of_truth(rows, truth)
    mine = [row for row in rows if row.truth == truth]
    return {
        _("What was not true"): _lab_words.truth(truth),
        _("There"): score.there,
        _("Found"): score.found,
        _("Recall"): _share(score.found, score.there),
        _("By rules"): sum(row.found and row.by == "rule" for row in mine),
        _("By reviewers"): sum(row.found and row.by == "review" for row in mine),
    }


def _mistakes(rows: Sequence[Answer]) -> None:
    honest = [row for row in rows if row.truth == answers.HONEST]
    refused = sum(row.rejected for row in honest)
    st.caption(
        _(
            "{n} of {all} honest applications were refused: {share}.",
            n=f"{refused:,}",
            all=f"{len(honest):,}",
            share=_share(refused, len(honest)),
        )
    )
