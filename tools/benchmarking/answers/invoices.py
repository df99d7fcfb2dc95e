"""Invoices, their ageing, red letters and tax, once more in pandas (RPT-3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    DAY,
    HOUR,
    MINUTE,
    Asked,
    Frames,
    finished,
    grouped,
    limited,
    rounded,
    told_by,
    within,
    yuan,
)
from tools.benchmarking.answers.orders import blank

_PLACES = {
    "invoice_kind": "invoice_kind",
    "platform": "platform_id",
    "agency": "agency_id",
    "region": "region",
    "kind": "order_kind",
}
_LISTS = "platforms agencies regions kinds"


def _told(
    some: pd.DataFrame, asked: Asked, moments: str, levels: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    some = limited(some, asked, _LISTS).rename(columns={"kind": "invoice_kind"})
    blanks = [
        column
        for level, column in levels.items()
        if level in asked.levels and level not in ("invoice_kind", "rate", "tax_item")
    ]
    return told_by(blank(some, *blanks), asked, moments, levels)


def invoices(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many were applied for and issued, for how much, and after how long, with every subtotal."""
    some = frames.of(
        "invoice_fact",
        "reverses created_at issued_at posted_at delivered_at medium kind platform_id agency_id region"
        " order_kind status total_fen tax_fen",
    )
    some = some[some["reverses"].isna() & within(some["created_at"], asked)]
    some, chosen = _told(some, asked, "created_at", {"medium": "medium", **_PLACES})
    issued = some["issued_at"].notna()
    figures = some[chosen].assign(
        applied=1,
        issued=issued,
        rejected=some["status"] == "rejected",
        withdrawn=some["status"] == "withdrawn",
        failed=some["status"] == "failed",
        reversed=some["status"].isin(["partly_reversed", "reversed"]),
        total_fen=some["total_fen"].where(issued, 0),
        tax_fen=some["tax_fen"].where(issued, 0),
        took=some["issued_at"] - some["created_at"],
        posted=some["posted_at"].notna(),
        delivered=some["delivered_at"].notna(),
        travelled=some["delivered_at"] - some["issued_at"],
    )
    sums = [
        *("applied", "issued", "rejected", "withdrawn", "failed", "reversed"),
        *("total_fen", "tax_fen", "posted", "delivered"),
    ]
    parts = []
    # A median has no subtotals: each depth is worked out from the rows.
    for depth in range(len(chosen) + 1):
        keys = chosen[:depth]
        groups = grouped(figures, keys)
        part = groups[sums].sum()
        times = groups["took"].quantile([0.5, 0.9]).unstack()
        part["issue_p50_min"] = rounded(times[0.5] / MINUTE, 1) if len(times) else np.nan
        part["issue_p90_min"] = rounded(times[0.9] / MINUTE, 1) if len(times) else np.nan
        part["deliver_p50_h"] = rounded(groups["travelled"].median() / HOUR, 1)
        part = part.reset_index() if keys else part.reset_index(drop=True)
        parts.append(part.assign(level=depth).astype(dict.fromkeys(keys, object)))
    # Of nothing there is no total.
    found = pd.concat(parts)
    if chosen:
        found = found.sort_values(chosen, na_position="first", kind="stable")
    found = found.assign(total_yuan=yuan(found["total_fen"]), tax_yuan=yuan(found["tax_fen"]))
    return finished(
        found,
        [],
        "period medium invoice_kind platform agency region kind level applied issued rejected withdrawn"
        " failed reversed total_yuan tax_yuan issue_p50_min issue_p90_min posted delivered deliver_p50_h",
    )


_AGES = (
    (HOUR, "1_under_an_hour"),
    (DAY, "2_under_a_day"),
    (3 * DAY, "3_under_three_days"),
    (7 * DAY, "4_under_a_week"),
    (30 * DAY, "5_under_a_month"),
)


def invoice_ageing(frames: Frames, asked: Asked) -> pd.DataFrame:
    """Which applications waited at the end of the span, and for how long."""
    moment = min(asked.to_ms, frames.now() + 1)
    some = frames.of(
        "invoice_fact",
        "reverses created_at issued_at medium kind platform_id agency_id region order_kind status"
        " total_fen",
    )
    open_then = some["issued_at"].isna() | (some["issued_at"] >= moment)
    some = some[
        some["reverses"].isna()
        & (some["created_at"] >= asked.from_ms)
        & (some["created_at"] < moment)
        & open_then
        & ~some["status"].isin(["rejected", "withdrawn"])
    ]
    whole = Asked(
        by="all", levels=asked.levels, platforms=asked.platforms, agencies=asked.agencies,
        regions=asked.regions, kinds=asked.kinds,
    )  # fmt: skip
    some, chosen = _told(some, whole, "created_at", {"medium": "medium", **_PLACES})
    age = moment - some["created_at"]
    names = np.array([name for _, name in _AGES] + ["6_a_month_or_more"])
    some = some.assign(
        age=names[np.searchsorted([limit for limit, _ in _AGES], age, side="right")],
        state=some["status"].astype(object).where(some["issued_at"].isna(), "applied"),
        hours=age / HOUR,
    )
    keys = ["age", "state", *chosen]
    found = grouped(some, keys).agg(
        waiting_invoices=("total_fen", "size"), fen=("total_fen", "sum"), oldest=("hours", "max")
    )
    found = found.assign(waiting_yuan=yuan(found["fen"]), oldest_h=rounded(found["oldest"], 1))
    return finished(
        found,
        keys,
        "age state medium invoice_kind platform agency region kind waiting_invoices waiting_yuan oldest_h",
    )


def red_letters(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many invoices were reversed, wholly or in part, why, for how much and after how long."""
    every = frames.of(
        "invoice_fact",
        "id reverses created_at issued_at reason kind platform_id agency_id region order_kind total_fen",
    )
    red = every[every["reverses"].notna() & within(every["created_at"], asked)]
    some = red.merge(
        every[["id", "total_fen"]].rename(columns={"id": "blue", "total_fen": "blue_fen"}),
        left_on="reverses",
        right_on="blue",
    )
    some, chosen = _told(some, asked, "created_at", {"red_reason": "reason", **_PLACES})
    issued = some["issued_at"].notna()
    whole = some["total_fen"] == -some["blue_fen"]
    found = grouped(
        some[chosen].assign(
            red_letters=1,
            red_issued=issued,
            whole=whole,
            part=~whole,
            fen=some["total_fen"].where(issued, 0),
            took=some["issued_at"] - some["created_at"],
        ),
        chosen,
    ).agg(
        red_letters=("red_letters", "sum"),
        red_issued=("red_issued", "sum"),
        whole=("whole", "sum"),
        part=("part", "sum"),
        fen=("fen", "sum"),
        took=("took", "median"),
    )
    found = found.assign(
        red_yuan=yuan(found["fen"]), red_p50_min=rounded(found["took"] / MINUTE, 1)
    )
    return finished(
        found,
        chosen,
        "period red_reason invoice_kind platform agency region kind red_letters red_issued whole part"
        " red_yuan red_p50_min",
    )


def tax(frames: Frames, asked: Asked) -> pd.DataFrame:
    """Net, tax and total of what stands on the lines, red ones taken off."""
    invoice = frames.of(
        "invoice_fact", "id reverses issued_at kind platform_id agency_id region order_kind"
    )
    invoice = invoice[within(invoice["issued_at"], asked)]
    line = frames.of("invoice_line_fact", "invoice_id tax_item rate net_fen tax_fen")
    some = line.merge(invoice, left_on="invoice_id", right_on="id")
    if "rate" in asked.levels:
        some["rate"] = some["rate"].map(lambda rate: f"{rate:.4f}")
    levels = {"rate": "rate", "tax_item": "tax_item", **_PLACES}
    some, chosen = _told(some, asked, "issued_at", levels)
    red = some["reverses"].notna()
    found = grouped(
        some[chosen].assign(
            lines=1,
            red_lines=red,
            net=some["net_fen"],
            tax=some["tax_fen"],
            red_tax=some["tax_fen"].where(red, 0),
        ),
        chosen,
    ).sum()
    found = found.assign(
        net_yuan=yuan(found["net"]),
        tax_yuan=yuan(found["tax"]),
        red_tax_yuan=yuan(found["red_tax"]),
        total_yuan=yuan(found["net"] + found["tax"]),
    )
    return finished(
        found,
        chosen,
        "period rate tax_item invoice_kind platform agency region kind lines red_lines net_yuan tax_yuan"
        " red_tax_yuan total_yuan",
    )
