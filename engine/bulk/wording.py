"""The items of a bulk act in a language: what was foreseen of each, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from engine.bulk import model
from engine.kernel import texts
from engine.operating import queries as operating


def outcome(code: str | None, language: str) -> str:
    """An item's result, foreseen or real: that it went through, or why it did not."""
    if code is None:
        return "—"
    if code == model.DONE:
        return texts.text("goes through", language)
    return operating.problem_in_words(code, language)


def headings(language: str) -> tuple[str, ...]:
    """What the columns are called."""
    return (
        "#",
        texts.text("Called", language),
        texts.text("Id", language),
        texts.text("Dry run", language),
        texts.text("In the run", language),
        texts.text("Ended", language),
    )


def cells(
    item: model.Item, title: str, language: str, when: Callable[[int | None], str]
) -> tuple[int | str, ...]:
    """An item as a row, on the screen as in a file; `when` says an instant."""
    return (
        item.position + 1,
        title,
        item.item_id,
        outcome(item.foreseen, language),
        outcome(item.outcome, language),
        when(item.done_at),
    )
