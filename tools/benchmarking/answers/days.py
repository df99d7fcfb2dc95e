"""People, proofs, money, calls and turnaround by day, once more in pandas."""

from __future__ import annotations

import json

import pandas as pd

from tools.benchmarking.answers.frames import (
    HOUR,
    MINUTE,
    Asked,
    Frames,
    finished,
    limited,
    period,
    rounded,
    within,
    yuan,
)

_COUNTED = {
    "registered": "account.registered",
    "named": "account.named",
    "claimed": "claim.submitted",
    "enterprises": "enterprise.approved",
    "onboarded": "mall_account.opened",
    "frozen": "account.frozen",
    "cancelled": "account.cancelled",
}


def people(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many register, prove their name, join, leave on each day; the named once a day each."""
    told = frames.of("event_fact", "occurred_at kind subject")
    told = told[told["kind"].isin(list(_COUNTED.values())) & within(told["occurred_at"], asked)]
    told = told.assign(day=period(told["occurred_at"], "day"))
    once = ~told.duplicated(["day", "kind", "subject"]) | (told["kind"] != "account.named")
    told = told[once]
    figures = {name: told["kind"] == kind for name, kind in _COUNTED.items()}
    found = pd.DataFrame(figures).groupby(told["day"], observed=True).sum()
    return finished(found, ["day"], f"day {' '.join(_COUNTED)}")


def real_names(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many proofs of each way matched on each day, after how long, and why the others did not."""
    tries = frames.of("proof_fact", "created_at decided_at way status reason")
    tries = tries[within(tries["created_at"], asked)]
    day = period(tries["created_at"], "day")
    mismatched = tries["status"] == "mismatched"
    groups = pd.DataFrame(
        {
            "day": day,
            "way": tries["way"],
            "tries": 1,
            "matched": tries["status"] == "matched",
            "mismatched": mismatched,
            "unanswered": tries["decided_at"].isna(),
            "took": (tries["decided_at"] - tries["created_at"]) / 1000,
        }
    ).groupby(["day", "way"], observed=True, dropna=False)
    found = groups[["tries", "matched", "mismatched", "unanswered"]].sum()
    times = groups["took"].quantile([0.5, 0.9]).unstack()
    found["answer_p50_s"] = rounded(times[0.5], 1) if len(times) else None
    found["answer_p90_s"] = rounded(times[0.9], 1) if len(times) else None
    said = tries[mismatched & tries["reason"].notna()]
    counted = said.groupby([day[said.index], said["way"], said["reason"]], observed=True).size()
    # Of several that are as frequent the first by its code.
    best = counted.rename("n").reset_index(level=2).astype({"reason": str})
    best = best.sort_values(["n", "reason"], ascending=[False, True])
    top = best.groupby(level=[0, 1], observed=True)["reason"].first()
    found["top_reason"] = top.astype(object).reindex(found.index)
    return finished(
        found,
        ["day", "way"],
        "day way tries matched mismatched unanswered answer_p50_s answer_p90_s top_reason",
    )


def money(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What came in and went back on each business date, and what had to be looked into."""
    moved = frames.of("movement_fact", "occurred_at business_date kind amount_fen source")
    moved = moved[within(moved["occurred_at"], asked)]
    one = (
        pd.DataFrame(
            {
                "paid": moved["amount_fen"].where(moved["kind"] == "payment", 0),
                "refunded": moved["amount_fen"].where(moved["kind"] == "refund", 0),
                "found_by_asking": moved["source"] == "asked",
                "found_in_statement": moved["source"] == "statement",
            }
        )
        .groupby(moved["business_date"].astype(object))
        .sum()
    )
    cases = frames.of("money_case_fact", "opened_at settled_at status")
    cases = cases[within(cases["opened_at"], asked)]
    day = (
        period(cases["opened_at"], "day").astype(object) if len(cases) else pd.Series(dtype=object)
    )
    groups = pd.DataFrame(
        {
            "money_cases": 1,
            "still_open": cases["status"] != "settled",
            "hours": (cases["settled_at"] - cases["opened_at"]) / HOUR,
        }
    ).groupby(day)
    two = groups[["money_cases", "still_open"]].sum()
    two["hours_to_settle"] = rounded(groups["hours"].median(), 1)
    found = one.join(two, how="outer").rename_axis("day")
    counts = [
        "paid",
        "refunded",
        "found_by_asking",
        "found_in_statement",
        "money_cases",
        "still_open",
    ]
    found[counts] = found[counts].fillna(0)
    found = found.assign(paid_yuan=yuan(found["paid"]), refunded_yuan=yuan(found["refunded"]))
    return finished(
        found.sort_index(),
        ["day"],
        "day paid_yuan refunded_yuan found_by_asking found_in_statement money_cases still_open"
        " hours_to_settle",
    )


def calls(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What the calls of each day were about; a call about two things counts under both."""
    found = frames.of("call_fact", "began_at logged_at status account_id matters urged")
    found = found[(found["status"] == "logged") & within(found["began_at"], asked)]
    about = [
        sorted({one["code"] for one in json.loads(text)}) or ["none"] for text in found["matters"]
    ]
    rows = found.assign(
        day=period(found["began_at"], "day"),
        about=about,
        unknown=found["account_id"].isna(),
        urging=found["urged"] != "[]",
        took=(found["logged_at"] - found["began_at"]) / MINUTE,
    ).explode("about")
    figures = rows.groupby(["day", "about"], observed=True).agg(
        calls=("took", "size"),
        unknown_callers=("unknown", "sum"),
        with_urging=("urging", "sum"),
        took=("took", "median"),
    )
    figures["call_p50_min"] = rounded(figures["took"], 1)
    return finished(
        figures, ["day", "about"], "day about calls unknown_callers with_urging call_p50_min"
    )


def turnaround(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How long each CA takes to decide, and an order until its certificate is in use."""
    cases = frames.of("review_task", "kind sample_of agency_id opened_at decided_at held_ms")
    cases = cases[
        (cases["kind"] == "certificate_ca")
        & cases["sample_of"].isna()
        & within(cases["decided_at"], asked)
    ]
    cases = limited(cases, asked, "agencies")
    decided = (cases["decided_at"] - cases["opened_at"] - cases["held_ms"]) / HOUR
    made = frames.of("certificate_fact", "usage order_id agency_id activated_at")
    made = made[(made["usage"] == "signing") & within(made["activated_at"], asked)]
    made = limited(made, asked, "agencies")
    order = frames.of("order_fact", "id created_at")
    made = made.merge(order, left_on="order_id", right_on="id")
    in_use = (made["activated_at"] - made["created_at"]) / HOUR
    parts = []
    for name, agencies, hours in (
        ("decided decision", cases["agency_id"], decided),
        ("in_use in_use", made["agency_id"], in_use),
    ):
        count, times = name.split()
        groups = hours.groupby(agencies.astype(object), dropna=False)
        part = groups.size().to_frame(count)
        shares = groups.quantile([0.5, 0.9]).unstack()
        part[f"{times}_p50_h"] = rounded(shares[0.5], 2) if len(shares) else None
        part[f"{times}_p90_h"] = rounded(shares[0.9], 2) if len(shares) else None
        parts.append(part)
    found = parts[0].join(parts[1], how="outer").rename_axis("agency").sort_index()
    found[["decided", "in_use"]] = found[["decided", "in_use"]].fillna(0)
    return finished(
        found,
        ["agency"],
        "agency decided decision_p50_h decision_p90_h in_use in_use_p50_h in_use_p90_h",
    )
