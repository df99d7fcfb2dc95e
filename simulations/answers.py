"""The answer key of a run: what was planted in whom, and whether it was found, and by what.

Each row is a decision: a rule of the engine that refused or let somebody through, or reviewers who decided
a case. What nobody has decided yet is no row. From it precision and recall of rules and of people.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

By = Literal["rule", "review", ""]
HONEST, FAULTY = "honest", "faulty"
# At which kind of case a truth for reviewers can be found; the others are for the engine's own rules.
FOUND_AT = {
    "forged_licence": "enterprise_claim",
    "wrong_representative": "enterprise_claim",
    "stamp_used_before": "seal",
}
REAL_NAME = "real_name"
_SCHEMA = pa.schema(
    [
        ("index", pa.int64()),
        ("truth", pa.string()),
        ("kind", pa.string()),
        ("found", pa.bool_()),
        ("by", pa.string()),
        ("flagged", pa.bool_()),
        ("rejected", pa.bool_()),
        ("decided_at", pa.int64()),
    ]
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A decision beside what is true.

    `truth` is what was planted, `faulty` for an ordinary mistake, or `honest`; `index` is the person's, -1
    where nobody looked it up. `found`: it was refused though it had been planted or was faulty. `by` the
    engine's rule, where it refused or warned, else by reviewers. `flagged`: the engine warned the reviewer.
    """

    index: int
    truth: str
    kind: str
    found: bool
    by: By
    flagged: bool
    rejected: bool
    decided_at: int


class AnswerKey:
    """What is known of a shard's people, and what was decided about them so far."""

    def __init__(self) -> None:
        self.rows: list[Answer] = []
        self._expected: dict[str, tuple[int, str]] = {}

    def expect(self, maker: str, index: int, truth: str) -> None:
        """Whoever acts as `maker` is the person of an index, with something planted in them or nothing."""
        self._expected[maker] = (index, truth)

    def ruled(self, index: int, truth: str, *, found: bool, now_ms: int) -> None:
        """The engine itself refused somebody, or let them through."""
        self.rows.append(
            Answer(
                index=index,
                truth=truth,
                kind=REAL_NAME,
                found=found,
                by="rule" if found else "",
                flagged=False,
                rejected=found,
                decided_at=now_ms,
            )
        )

    def decided(
        self, kind: str, maker: str, *, faulty: bool, flagged: bool, rejected: bool, now_ms: int
    ) -> None:
        """Reviewers decided a case of this maker for good."""
        index, planted = self._expected.get(maker, (-1, HONEST))
        ordinary = FAULTY if faulty else HONEST
        truth = planted if FOUND_AT.get(planted) == kind else ordinary
        found = rejected and truth != HONEST
        by: By = ("rule" if flagged else "review") if found else ""
        self.rows.append(
            Answer(
                index=index,
                truth=truth,
                kind=kind,
                found=found,
                by=by,
                flagged=flagged,
                rejected=rejected,
                decided_at=now_ms,
            )
        )


def write(rows: Iterable[Answer], path: Path) -> None:
    """Write answers as Parquet; the file is there whole or not at all."""
    draft = path.with_suffix(".new")
    table = pa.Table.from_pylist([dataclasses.asdict(row) for row in rows], schema=_SCHEMA)
    pq.write_table(table, draft, compression="zstd")
    os.replace(draft, path)


def read(*paths: Path) -> list[Answer]:
    """The answers of a run's shards."""
    return [Answer(**row) for path in paths for row in pq.read_table(path).to_pylist()]


# -- how good -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well something finds what is not true.

    `there` is how much of it there was to find, `found` how much was, `alarms` how often it said so and
    `right` how often that was so.
    """

    there: int
    found: int
    alarms: int
    right: int

    @property
    def recall(self) -> float | None:
        """The share of what was there that was found; None where there was nothing."""
        return self.found / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        """The share of alarms that were right; None where there was no alarm."""
        return self.right / self.alarms if self.alarms else None


def of_rules(rows: Iterable[Answer]) -> Score:
    """What the engine's own rules find of what was planted: refusals, and warnings to reviewers."""
    planted = alarms = right = 0
    for row in rows:
        lie = row.truth not in (HONEST, FAULTY)
        raised = row.flagged or (row.kind == REAL_NAME and row.rejected)
        planted += lie
        alarms += raised
        right += raised and lie
    return Score(there=planted, found=right, alarms=alarms, right=right)


def of_people(rows: Iterable[Answer]) -> Score:
    """What reviewers find of what no rule told them: lies and ordinary mistakes, by their rejections."""
    there = found = alarms = 0
    for row in rows:
        if row.kind == REAL_NAME or row.flagged:
            continue
        bad = row.truth != HONEST
        there += bad
        found += bad and row.rejected
        alarms += row.rejected
    return Score(there=there, found=found, alarms=alarms, right=found)


def of_both(rows: Iterable[Answer]) -> Score:
    """What is found in the end, by whomever, of what is not true."""
    there = found = alarms = 0
    for row in rows:
        bad = row.truth != HONEST
        there += bad
        found += bad and row.rejected
        alarms += row.rejected
    return Score(there=there, found=found, alarms=alarms, right=found)


def of_truth(rows: Iterable[Answer], truth: str) -> Score:
    """How one kind of lie fares, by whomever it is found; its alarms are those about it alone."""
    chosen = [row for row in rows if row.truth == truth]
    found = sum(row.found for row in chosen)
    return Score(there=len(chosen), found=found, alarms=found, right=found)


def summary(rows: Sequence[Answer]) -> dict[str, int | float | None]:
    """The figures of an answer key by name, for a run's indicators; None where there is nothing to say."""
    told: dict[str, int | float | None] = {
        "answers_planted": sum(row.truth not in (HONEST, FAULTY) for row in rows),
        "answers_missed": sum(not row.found and row.truth not in (HONEST, FAULTY) for row in rows),
        "answers_false_alarms": sum(row.rejected and row.truth == HONEST for row in rows),
    }
    for name, score in (
        ("rules", of_rules(rows)),
        ("people", of_people(rows)),
        ("both", of_both(rows)),
    ):
        told[f"recall_{name}"] = score.recall
        told[f"precision_{name}"] = score.precision
    return told
