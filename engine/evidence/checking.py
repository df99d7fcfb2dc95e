"""The whole log checked where it lies: the chain under its key, and the tree against every signed head."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.evidence import growing, store
from engine.evidence.keeping import HeadFolder, folder_of
from engine.evidence.verifier.heads import TreeHead, linked
from engine.evidence.verifier.log import given_up
from engine.evidence.verifier.tree import Frontier, leaf, line
from engine.kernel import database, events
from engine.kernel.reader import Parts

# What each break of the chain is told as; then those of the heads.
CHAIN = {
    "missing": "Event {seq} is missing.",
    "not linked to the event before": "Event {seq} is not linked to the event before it.",
    "changed": "Event {seq} was changed.",
    "the tail was cut or rewritten": "The end of the log was cut off or rewritten: the head that was kept elsewhere is not in it.",  # noqa: E501
}
UNLINKED = "The signed head over {size} events does not name the head before it: heads are missing or were exchanged."  # noqa: E501
UNSIGNED = "The signature of the head over {size} events does not hold."
SHRUNK = "The signed head over {size} events comes after one over more."
UNREADABLE = "There is a line among the signed heads that is none, after {n} heads."
CUT = "The log ends at event {seq}, and a signed head knows {size} events: its end was cut off."
REWRITTEN = "The log is not what was signed: something was changed, removed or put in among events {first} to {last}."  # noqa: E501
PLACED = "The log is not what was signed: it differs first at event {seq}."
HEAD_TEXTS = (UNLINKED, UNSIGNED, SHRUNK, UNREADABLE, CUT, REWRITTEN, PLACED)
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where the log does not hold: a text and what it names."""

    text: str
    params: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of a log. `heads`: how many were compared; `given_up`: by an operator's word."""

    count: int
    log: events.Head
    heads: int
    given_up: int
    newest: TreeHead | None
    breaks: tuple[Break, ...]

    @property
    def young(self) -> int:
        """How many events are younger than the newest head: only the chain holds them."""
        return max(0, self.count - (self.newest.size if self.newest else 0))


def check(
    parts: Parts, connection: database.Connection, known_head: events.Head | None = None
) -> Checked:
    """Check every event and every head; at most 20 breaks of each kind.

    `known_head` is a head of the chain that was kept elsewhere.
    """
    count, found = events.verify(connection, parts.keyring, known_head)
    breaks = [Break(text=CHAIN[one.problem], params={"seq": one.seq}) for one in found]
    log, folder = events.head(connection), folder_of(parts)
    if folder is None:
        return _checked(count, log, breaks)
    standing = growing.standing(parts, connection)
    heads, told = _read(folder)
    breaks += [*told, *_of_heads(parts, heads)]
    gone, _ = given_up(heads)
    points = [one for one in heads if one.digest() not in gone]
    compared = list(itertools.islice(_compare(connection, folder, points), _MOST))
    if standing.problem is not None and not (told or compared):
        breaks.append(Break(text=standing.problem.value))
    return _checked(
        count, log, breaks + compared, heads=len(points), gone=len(gone), newest=standing.newest
    )


def _checked(
    count: int,
    log: events.Head,
    breaks: Sequence[Break],
    *,
    heads: int = 0,
    gone: int = 0,
    newest: TreeHead | None = None,
) -> Checked:
    return Checked(
        count=count,
        log=log,
        heads=heads,
        given_up=gone,
        newest=newest,
        breaks=tuple(breaks),
    )


def _read(folder: HeadFolder) -> tuple[list[TreeHead], list[Break]]:
    heads: list[TreeHead] = []
    try:
        heads.extend(folder.every())
    except ValueError:
        return heads, [Break(text=UNREADABLE, params={"n": len(heads)})]
    return heads, []


def _of_heads(parts: Parts, heads: Sequence[TreeHead]) -> Iterator[Break]:
    """What is wrong with heads among themselves; one signature holds an unbroken run of them."""
    runs = linked(heads)
    begins = [run[0] for run in runs[1:]]
    for one in begins:
        yield Break(text=UNLINKED, params={"size": one.size})
    for run in runs:
        if not growing.signed(parts, run[-1]):
            yield Break(text=UNSIGNED, params={"size": run[-1].size})
    for one, other in itertools.pairwise(heads):
        if other.size < one.size and not other.reason:
            yield Break(text=SHRUNK, params={"size": other.size})


def _leaves(connection: database.Connection) -> Iterator[bytes]:
    for block in store.log(connection):
        yield from [leaf(line(columns)) for columns in block]


def _compare(
    connection: database.Connection, folder: HeadFolder, heads: Iterable[TreeHead]
) -> Iterator[Break]:
    """Walk through the log up to each head; the first that has another root bounds the place."""
    frontier, leaves, held = Frontier(), _leaves(connection), 0
    since: list[bytes] = []
    for head in sorted(heads, key=lambda one: one.size):
        more = list(itertools.islice(leaves, head.size - frontier.size))
        frontier.extend(more)
        since += more
        cut = frontier.size < head.size
        if cut:
            yield Break(text=CUT, params={"seq": frontier.size, "size": head.size})
        if cut or frontier.root().hex() != head.root:
            place = _place(folder, head, held, since)
            if place is not None:
                yield Break(text=PLACED, params={"seq": place})
            elif not cut:
                yield Break(text=REWRITTEN, params={"first": held + 1, "last": head.size})
            return
        held, since = head.size, []


def _place(folder: HeadFolder, head: TreeHead, held: int, since: Sequence[bytes]) -> int | None:
    """The first event that differs, where the leaves that were signed are still kept."""
    kept = folder.nodes().leaves(0, head.size)
    signed = Frontier()
    signed.extend(kept)
    if signed.root().hex() == head.root:
        for place, (one, other) in enumerate(zip(kept[held:], since, strict=False), start=held + 1):
            if one != other:
                return place
    return None
