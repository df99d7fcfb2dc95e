"""Orders, their steps and refunds, once more in pandas (RPT-1)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    HOUR,
    Asked,
    Frames,
    finished,
    grouped,
    limited,
    percent,
    rounded,
    told_by,
    within,
    yuan,
)

_LEVELS = {
    "platform": "platform_id",
    "agency": "agency_id",
    "region": "region",
    "kind": "order_kind",
    "product": "product",
}
_ENDED = ("rejected", "cancelled", "refunded")


def blank(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """With an empty text where a column says nothing."""
    made = {}
    for column in columns:
        values = frame[column]
        if isinstance(values.dtype, pd.CategoricalDtype) and "" not in values.cat.categories:
            values = values.cat.set_categories(["", *values.cat.categories])
        made[column] = values.fillna("")
    return frame.assign(**made)


def rolled_up(
    frame: pd.DataFrame, asked: Asked, chosen: list[str], figures: pd.DataFrame
) -> pd.DataFrame:
    """Sums of the figures for each row and each subtotal, the grand total first; `level` is how deep."""
    figures = pd.concat([frame[chosen], figures], axis=1)
    names = [name for name in figures if name not in chosen]
    deep = grouped(figures, chosen)[names].sum()
    parts = []
    for depth in range(len(chosen) + 1):
        keys = chosen[:depth]
        if keys:
            part = deep.groupby(level=list(range(depth)), dropna=False, observed=True).sum()
            part = part.reset_index()
        else:
            part = deep.sum().to_frame().T
        parts.append(part.assign(level=depth))
    found = pd.concat(
        [part.astype({key: object for key in chosen if key in part}) for part in parts]
    )
    return found.sort_values(chosen, na_position="first", kind="stable") if chosen else found


def orders(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many were placed, paid and finished, and what they brought in, with every subtotal."""
    all_of_them = frames.of(
        "order_fact",
        "created_at paid_at platform_id agency_id region order_kind product status paid_fen refunded_fen"
        " invoiced_fen",
    )
    some = limited(
        all_of_them[within(all_of_them["created_at"], asked)],
        asked,
        "platforms agencies regions kinds",
    )
    some = blank(some, *(column for level, column in _LEVELS.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "created_at", _LEVELS)
    figures = pd.DataFrame(
        {
            "placed": np.ones(len(some), dtype=np.int64),
            "paid": some["paid_at"].notna().to_numpy(np.int64),
            "completed": some["status"].isin(["completed", "active"]).to_numpy(np.int64),
            "ended": some["status"].isin(list(_ENDED)).to_numpy(np.int64),
            "refunded": (some["refunded_fen"] > 0).to_numpy(np.int64),
            "revenue_yuan": some["paid_fen"].to_numpy(),
            "refunded_yuan": some["refunded_fen"].to_numpy(),
            "invoiced_yuan": some["invoiced_fen"].to_numpy(),
        },
        index=some.index,
    )
    found = rolled_up(some, asked, chosen, figures)
    found["paid_percent"] = percent(found["paid"], found["placed"])
    found["net_yuan"] = yuan(found["revenue_yuan"] - found["refunded_yuan"])
    for name in ("revenue_yuan", "refunded_yuan", "invoiced_yuan"):
        found[name] = yuan(found[name])
    return finished(
        found,
        [],
        "period platform agency region kind product level placed paid paid_percent completed ended refunded"
        " revenue_yuan refunded_yuan net_yuan invoiced_yuan",
    )


_STEPS = {
    "1_placed": "created_at",
    "2_submitted": "submitted_at",
    "3_paid": "paid_at",
    "4_reviewed": "first_reviewed_at",
    "5_issued": "issued_at",
    "6_in_use": "downloaded_at",
}


def _stops(some: pd.DataFrame) -> dict[str, pd.Series]:
    """Which of them stop at each step: of steps at the same instant at the later one."""
    last = some[list(_STEPS.values())].max(axis=1)
    ended = some["status"].isin(list(_ENDED))
    stopped_yet = pd.Series(False, index=some.index)
    found = {}
    for step, column in reversed(_STEPS.items()):
        found[step] = ended & ~stopped_yet & (some[column] == last)
        stopped_yet |= found[step]
    return found


def order_steps(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many reach each step, how many of those before it, how many stop there, and after how long."""
    all_of_them = frames.of(
        "order_fact",
        "created_at submitted_at paid_at first_reviewed_at issued_at downloaded_at platform_id agency_id"
        " region order_kind status",
    )
    some = limited(
        all_of_them[within(all_of_them["created_at"], asked)],
        asked,
        "platforms agencies regions kinds",
    )
    levels = {level: column for level, column in _LEVELS.items() if level != "product"}
    some = blank(some, *(column for level, column in levels.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "created_at", levels)
    reached = {step: some[column].notna() for step, column in _STEPS.items()}
    placed = grouped(some, chosen)["created_at"].size()
    names, stops, parts = list(_STEPS), _stops(some), []
    for place, step in enumerate(names):
        before = names[max(place - 1, 0)]
        part = grouped(
            some[chosen].assign(
                reached=reached[step],
                before=reached[before],
                both=reached[step] & reached[before],
                stopped=stops[step],
                took=some[_STEPS[step]] - some["created_at"],
            ),
            chosen,
        ).agg(
            reached=("reached", "sum"),
            before=("before", "sum"),
            both=("both", "sum"),
            stopped=("stopped", "sum"),
            took=("took", "median"),
        )
        part = part.assign(
            step=step,
            of_placed_percent=percent(part["reached"], placed),
            of_before_percent=percent(part["both"], part["before"]),
            reached_p50_h=rounded(part["took"] / HOUR, 1),
        )
        parts.append(part.reset_index() if chosen else part.reset_index(drop=True))
    found = pd.concat(parts).sort_values([*chosen, "step"], kind="stable")
    return finished(
        found,
        [],
        "period platform agency region kind step reached of_placed_percent of_before_percent stopped"
        " reached_p50_h",
    )


def refunds(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How much was given back, why, and after how long."""
    given = frames.of("refund_fact", "order_id requested_at settled_at status why amount_fen")
    given = given[within(given["requested_at"], asked)]
    order = frames.of("order_fact", "id platform_id agency_id region order_kind")
    some = given.merge(order, how="left", left_on="order_id", right_on="id")
    some = limited(some, asked, "platforms agencies regions kinds")
    levels = {"why": "why"} | {
        name: _LEVELS[name] for name in ("platform", "agency", "region", "kind")
    }
    some = blank(some, *(column for level, column in levels.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "requested_at", levels)
    done, failed = some["status"] == "done", some["status"] == "failed"
    found = grouped(
        some[chosen].assign(
            refunds=1,
            done=done,
            failed=failed,
            under_way=~done & ~failed,
            fen=some["amount_fen"].where(done, 0),
            took=((some["settled_at"] - some["requested_at"]) / HOUR).where(done),
        ),
        chosen,
    ).agg(
        refunds=("refunds", "sum"),
        done=("done", "sum"),
        failed=("failed", "sum"),
        under_way=("under_way", "sum"),
        fen=("fen", "sum"),
        took=("took", "median"),
    )
    found = found.assign(refunded_yuan=yuan(found["fen"]), done_p50_h=rounded(found["took"], 1))
    return finished(
        found,
        chosen,
        "period why platform agency region kind refunds done failed under_way refunded_yuan done_p50_h",
    )
