"""The reports' questions in polars, lazily over Parquet files; `reports` runs it in the peers' environment.

`python peers_polars.py FOLDER` prints, as JSON, for each question the median of the rounds in milliseconds
and what shows that the question was the same: its rows and the sum of what it counts. Nothing is ours.
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

ROUNDS = 3
_FOLDER = Path(sys.argv[1])


def _of(table: str) -> pl.LazyFrame:
    return pl.scan_parquet(_FOLDER / f"{table}.parquet")


def _civil(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column) + 8 * 3_600_000, time_unit="ms")


def _month(column: str) -> pl.Expr:
    return _civil(column).dt.strftime("%Y-%m").alias("period")


def _day(column: str) -> pl.Expr:
    return _civil(column).dt.date().alias("day")


def _shares(column: str) -> list[pl.Expr]:
    return [
        pl.col(column).quantile(share, "linear").alias(f"{column}_{share}")
        for share in (0.5, 0.9, 0.99)
    ]


def _decided() -> pl.LazyFrame:
    decided = pl.col("status").is_in(["approved", "rejected"])
    return _of("review_task").filter(pl.col("sample_of").is_null() & decided)


def orders() -> pl.DataFrame:
    """By month, and the total."""
    months = (
        _of("order_fact")
        .group_by(_month("created_at"))
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("paid_at").count().alias("paid"),
            pl.col("status").is_in(["completed", "active"]).sum().alias("completed"),
            pl.col("status").is_in(["rejected", "cancelled", "refunded"]).sum().alias("ended"),
            (pl.col("refunded_fen") > 0).sum().alias("refunded"),
            pl.col("paid_fen", "refunded_fen", "invoiced_fen").sum(),
        )
    )
    # The subtotal is added up of the months: nothing is read twice.
    made = months.sort("period").collect()
    total = made.select(pl.lit(None, pl.String).alias("period"), pl.exclude("period").sum())
    return pl.concat([total, made], how="vertical_relaxed")


def order_steps() -> pl.DataFrame:
    """How many reach each step, how many of those before, how many stop there, after how long."""
    steps = (
        *("created_at", "submitted_at", "paid_at"),
        *("first_reviewed_at", "issued_at", "downloaded_at"),
    )
    ended = pl.col("status").is_in(["rejected", "cancelled", "refunded"])
    figures = []
    for place, step in enumerate(steps):
        before = steps[max(place - 1, 0)]
        figures += [
            pl.col(step).count().alias(f"{place}_n"),
            (pl.col(step).is_not_null() & pl.col(before).is_not_null()).sum().alias(f"{place}_b"),
            (ended & (pl.col(step) == pl.max_horizontal(steps))).sum().alias(f"{place}_stopped"),
            (pl.col(step) - pl.col("created_at")).median().alias(f"{place}_took"),
        ]
    wide = _of("order_fact").select(figures).collect()
    return pl.DataFrame({"n": [wide[f"{place}_n"][0] for place in range(len(steps))]})


def refunds() -> pl.DataFrame:
    """By month."""
    done = pl.col("status") == "done"
    orders = _of("order_fact").select("id", "platform_id")
    return (
        _of("refund_fact")
        .join(orders, left_on="order_id", right_on="id", how="left")
        .group_by(_month("requested_at"))
        .agg(
            pl.len().alias("n"),
            pl.col("amount_fen").filter(done).sum(),
            (pl.col("settled_at") - pl.col("requested_at")).filter(done).median(),
        )
        .sort("period")
        .collect()
    )


def reviews() -> pl.DataFrame:
    """By month and stage: three times in three shares each."""
    first = pl.col("attempt") == 1
    return (
        _decided()
        .with_columns((pl.col("wait_ms") + pl.col("handle_ms")).alias("elapsed_ms"))
        .group_by(_month("decided_at"), "stage")
        .agg(
            pl.len().alias("n"),
            (pl.col("status") == "approved").sum().alias("approved"),
            ((pl.col("status") == "approved") & first).sum().alias("passed"),
            first.sum().alias("firsts"),
            *_shares("wait_business_ms"),
            *_shares("handle_business_ms"),
            *_shares("elapsed_ms"),
        )
        .sort("period", "stage")
        .collect()
    )


def reasons() -> pl.DataFrame:
    """Of all time."""
    return (
        _of("reason_fact")
        .group_by("code")
        .agg(pl.len().alias("n"))
        .sort("n", descending=True)
        .collect()
    )


def rework() -> pl.DataFrame:
    """By stage and attempt."""
    again = (
        _of("review_task")
        .filter(pl.col("corrects").is_not_null() & pl.col("sample_of").is_null())
        .group_by("corrects")
        .agg(pl.col("opened_at").min().alias("back_at"))
    )
    rejected = pl.col("status") == "rejected"
    return (
        _decided()
        .join(again, left_on="id", right_on="corrects", how="left")
        .group_by("stage", "attempt")
        .agg(
            pl.len().alias("n"),
            rejected.sum().alias("rejected"),
            (rejected & pl.col("back_at").is_not_null()).sum().alias("came_back"),
            (pl.col("back_at") - pl.col("decided_at")).filter(rejected).median().alias("took"),
        )
        .sort("stage", "attempt")
        .collect()
    )


def samples() -> pl.DataFrame:
    """By stage and reviewer."""
    every = _of("review_task")
    second = every.filter(
        pl.col("sample_of").is_not_null() & pl.col("status").is_in(["approved", "rejected"])
    ).select("sample_of", pl.col("status").alias("again"))
    return (
        second.join(
            every.select("id", "status", "stage", "decided_by"), left_on="sample_of", right_on="id"
        )
        .group_by("stage", "decided_by")
        .agg(pl.len().alias("n"), (pl.col("status") == pl.col("again")).sum().alias("agreed"))
        .sort("stage", "decided_by")
        .collect()
    )


def backlog() -> pl.DataFrame:
    """By day and stage: what came, what left, and what was open then."""
    some = _of("review_task").filter(pl.col("sample_of").is_null())
    came = some.group_by(_day("opened_at"), "stage").agg(pl.len().cast(pl.Int64).alias("came"))
    left = (
        some.filter(pl.col("ended_at").is_not_null())
        .group_by(_day("ended_at"), "stage")
        .agg(pl.len().cast(pl.Int64).alias("gone"))
    )
    return (
        came.join(left, on=["day", "stage"], how="full", coalesce=True)
        .fill_null(0)
        .sort("day")
        .with_columns((pl.col("came") - pl.col("gone")).cum_sum().over("stage").alias("open"))
        .collect()
    )


def invoices() -> pl.DataFrame:
    """By month and medium."""
    issued = pl.col("issued_at").is_not_null()
    return (
        _of("invoice_fact")
        .filter(pl.col("reverses").is_null())
        .with_columns((pl.col("issued_at") - pl.col("created_at")).alias("took"))
        .group_by(_month("created_at"), "medium")
        .agg(
            pl.len().alias("n"),
            issued.sum().alias("issued"),
            pl.col("total_fen", "tax_fen").filter(issued).sum(),
            *_shares("took")[:2],
            (pl.col("delivered_at") - pl.col("issued_at")).median().alias("travelled"),
        )
        .sort("period", "medium")
        .collect()
    )


def tax() -> pl.DataFrame:
    """By month and rate."""
    invoice = _of("invoice_fact").filter(pl.col("issued_at").is_not_null())
    return (
        _of("invoice_line_fact")
        .join(invoice.select("id", "issued_at", "reverses"), left_on="invoice_id", right_on="id")
        .group_by(_month("issued_at"), "rate")
        .agg(pl.len().alias("n"), pl.col("net_fen", "tax_fen").sum())
        .sort("period", "rate")
        .collect()
    )


def process_map() -> pl.DataFrame:
    """Each move, of the pairs that the copy keeps ready."""
    return (
        _of("lifecycle_step")
        .with_columns((pl.col("to_ms") - pl.col("from_ms")).alias("took"))
        .group_by("case_kind", "from_activity", "to_activity")
        .agg(pl.len().alias("n"), *_shares("took")[:2])
        .sort("case_kind", "n", descending=[False, True])
        .collect()
    )


def variants() -> pl.DataFrame:
    """Each way, of the cases that the copy keeps ready."""
    return (
        _of("lifecycle_case")
        .with_columns((pl.col("happened_at") - pl.col("began_at")).alias("lasts"))
        .group_by("case_kind", "path")
        .agg(pl.len().alias("n"), *_shares("lasts")[:2], pl.col("case_id").min().alias("example"))
        .sort("case_kind", "n", descending=[False, True])
        .collect()
    )


def funnel() -> pl.DataFrame:
    """Seven steps of those who registered."""
    steps = (
        *("registered_at", "proved_at", "joined_at", "first_order_at", "first_paid_at"),
        *("first_certificate_at", "first_invoice_at"),
    )
    figures = [pl.col(step).count().alias(step) for step in steps]
    figures += [
        (pl.col(step) - pl.col(before))
        .filter(pl.col(step) >= pl.col(before))
        .median()
        .alias(f"{step}_took")
        for before, step in itertools.pairwise(steps)
    ]
    wide = _of("account_fact").select(figures).collect()
    return pl.DataFrame({"n": [wide[step][0] for step in steps]})


QUESTIONS: tuple[Callable[[], pl.DataFrame], ...] = (
    *(orders, order_steps, refunds, reviews, reasons, rework, samples, backlog, invoices, tax),
    *(process_map, variants, funnel),
)


def main() -> None:
    """Ask each question a few times and tell the medians."""
    found = {}
    for question in QUESTIONS:
        taken = []
        for _ in range(ROUNDS):
            begin = time.perf_counter()
            frame = question()
            taken.append((time.perf_counter() - begin) * 1_000)
        # A total beside what it is the total of would count twice.
        counts = frame.drop_nulls("period") if "period" in frame.columns else frame
        counted = counts["n" if "n" in frame.columns else "came"].sum()
        found[question.__name__] = {
            "ms": statistics.median(taken), "rows": frame.height, "counted": int(counted),
        }  # fmt: skip
    print(json.dumps({"polars": pl.__version__, "found": found}))


if __name__ == "__main__":
    main()
