"""Waiting and handling, backlog, reasons, rework and agreement, once more in pandas (RPT-2)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    DAY,
    FOREVER,
    HOUR,
    MINUTE,
    SHANGHAI,
    Asked,
    Frames,
    finished,
    grouped,
    limited,
    percent,
    period,
    rounded,
    told_by,
    within,
)
from tools.benchmarking.answers.orders import blank

_PLACES = {"platform": "platform_id", "agency": "agency_id", "region": "region"}
_REVIEWS = {"stage": "stage", "reviewer": "decided_by", **_PLACES}


def _decided(frames: Frames, columns: str) -> pd.DataFrame:
    """Decided cases that are no second looks."""
    found = frames.of("review_task", f"sample_of status {columns}")
    return found[found["sample_of"].isna() & found["status"].isin(["approved", "rejected"])]


def reviews(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How long cases wait and are handled, in office hours and elapsed, and how many pass at once."""
    some = _decided(
        frames,
        "decided_at stage decided_by platform_id agency_id region attempt wait_business_ms"
        " handle_business_ms wait_ms handle_ms overdue",
    )
    some = limited(
        some[within(some["decided_at"], asked)],
        asked,
        "platforms agencies regions stages reviewers",
    )
    some = blank(some, *(column for level, column in _PLACES.items() if level in asked.levels))
    if "hour" in asked.levels:
        some = some.assign(hour_of=(some["decided_at"].astype(np.int64) + SHANGHAI) // HOUR % 24)
    some, chosen = told_by(some, asked, "decided_at", {**_REVIEWS, "hour": "hour_of"})
    approved, first = some["status"] == "approved", some["attempt"] == 1
    groups = grouped(
        some[chosen].assign(
            decided=1,
            approved=approved,
            firsts=first,
            passed=approved & first,
            overdue=some["overdue"].fillna(False).astype(bool),
            wait=some["wait_business_ms"],
            handle=some["handle_business_ms"],
            elapsed=some["wait_ms"] + some["handle_ms"],
        ),
        chosen,
    )
    counts = groups[["decided", "approved", "firsts", "passed", "overdue"]].sum()
    figures = {
        "decided": counts["decided"],
        "approved": counts["approved"],
        "rejected": counts["decided"] - counts["approved"],
        "first_pass_percent": pd.Series(percent(counts["passed"], counts["firsts"]), counts.index),
        "overdue": counts["overdue"],
        "overdue_percent": pd.Series(percent(counts["overdue"], counts["decided"]), counts.index),
    }
    for what in ("wait", "handle", "elapsed"):
        times = groups[what].quantile([0.5, 0.9, 0.99]).unstack().reindex(columns=[0.5, 0.9, 0.99])
        for share, name in ((0.5, "p50"), (0.9, "p90"), (0.99, "p99")):
            figures[f"{what}_{name}_min"] = rounded(times[share] / MINUTE, 1)
    return finished(
        pd.DataFrame(figures),
        chosen,
        "period stage reviewer platform agency region hour decided approved rejected first_pass_percent"
        " overdue overdue_percent wait_p50_min wait_p90_min wait_p99_min handle_p50_min handle_p90_min"
        " handle_p99_min elapsed_p50_min elapsed_p90_min elapsed_p99_min",
    )


def _ends(by: str, first_ms: int, last_ms: int) -> tuple[np.ndarray, list[str]]:
    """Until when each bucket of a span lasts, and its name: an hour is named by its end."""
    if by == "all":
        return np.array([FOREVER]), [""]
    begin = pd.Timestamp((first_ms + SHANGHAI) * 1_000_000).floor("D")
    if by == "hour":
        begin = pd.Timestamp((first_ms + SHANGHAI) * 1_000_000).floor("h")
        starts = pd.date_range(begin, periods=(last_ms - 1 - first_ms) // HOUR + 3, freq="h")
    elif by == "day":
        starts = pd.date_range(begin, periods=(last_ms - 1 - first_ms) // DAY + 3, freq="D")
    elif by == "week":
        begin -= pd.Timedelta(days=begin.dayofweek)
        starts = pd.date_range(begin, periods=(last_ms - 1 - first_ms) // (7 * DAY) + 3, freq="7D")
    else:
        starts = pd.date_range(begin.replace(day=1), periods=14 * 12, freq="MS")
    ms = starts.as_unit("ms").astype(np.int64).to_numpy() - SHANGHAI
    many = int(np.searchsorted(ms, last_ms, side="left"))
    names = (
        [end.strftime("%Y-%m-%d %H:%M") for end in starts[1 : many + 1]]
        if by == "hour"
        else period(pd.Series(ms[:many]), by).astype(str).tolist()
    )
    return ms[1 : many + 1], names


def backlog(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What was open at the end of each period, and what came and left in it."""
    some = frames.of(
        "review_task", "sample_of stage platform_id agency_id region opened_at ended_at"
    )
    some = some[some["sample_of"].isna() & (some["opened_at"] < asked.to_ms)]
    some = limited(some, asked, "platforms agencies regions stages")
    some = blank(some, *(column for level, column in _PLACES.items() if level in asked.levels))
    if some.empty:
        return finished(
            pd.DataFrame(), [], "moment stage platform agency region backlog came left_desk"
        )
    first_ms = max(asked.from_ms, int(some["opened_at"].min()))
    last_ms = min(asked.to_ms, frames.now() + 1)
    ends, names = _ends(asked.by, first_ms, last_ms)
    whole = Asked(by="all", levels=asked.levels)
    levels = {"stage": "stage", **_PLACES}
    some, chosen = told_by(some, whole, "opened_at", levels)
    parts = []
    for key, part in grouped(some, chosen):
        opened = np.sort(part["opened_at"].to_numpy(np.int64))
        left = part["ended_at"].dropna().to_numpy(np.int64)
        left = np.sort(left[left < asked.to_ms])
        came_by = np.searchsorted(opened, ends, side="left")
        left_by = np.searchsorted(left, ends, side="left")
        before = np.searchsorted(opened, asked.from_ms, side="left")
        gone_before = np.searchsorted(left, asked.from_ms, side="left")
        parts.append(
            pd.DataFrame(
                {
                    "place": np.arange(len(ends)),
                    "moment": names,
                    **dict(zip(chosen, key if isinstance(key, tuple) else (key,), strict=False)),
                    "backlog": came_by - left_by,
                    "came": np.diff(came_by, prepend=before),
                    "left_desk": np.diff(left_by, prepend=gone_before),
                }
            )
        )
    found = pd.concat(parts).sort_values(["place", *chosen], kind="stable")
    if asked.by == "all":
        found["moment"] = None
    return finished(found, [], "moment stage platform agency region backlog came left_desk")


def reasons(frames: Frames, asked: Asked) -> pd.DataFrame:
    """Which reasons make up most of the rejections."""
    some = frames.of(
        "reason_fact", "decided_at stage decided_by platform_id agency_id region code attempt"
    )
    some = limited(
        some[within(some["decided_at"], asked)],
        asked,
        "platforms agencies regions stages reviewers",
    )
    some = blank(some, *(column for level, column in _PLACES.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "decided_at", _REVIEWS)
    counted = grouped(
        some[chosen].assign(rejected_for=some["code"], rejections=1, first=some["attempt"] == 1),
        [*chosen, "rejected_for"],
    )
    found = counted.agg(rejections=("rejections", "sum"), first_rejections=("first", "sum"))
    found = found.reset_index().astype({"rejected_for": object})
    found = found.sort_values(
        [*chosen, "rejections", "rejected_for"],
        ascending=[True] * len(chosen) + [False, True],
        kind="stable",
    )
    alike = grouped(found, chosen)["rejections"]
    found["share_percent"] = percent(found["rejections"], alike.transform("sum"))
    found["running_percent"] = percent(alike.cumsum(), alike.transform("sum"))
    return finished(
        found,
        [],
        "period stage reviewer platform agency region rejected_for rejections first_rejections"
        " share_percent running_percent",
    )


def rework(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How often a rejected case comes back, whether it passes then, and after how long."""
    some = frames.of(
        "review_task",
        "id corrects sample_of status decided_at opened_at stage platform_id agency_id region attempt",
    )
    some = some[some["sample_of"].isna()]
    corrections = some[some["corrects"].notna()]
    again = corrections.groupby("corrects")["opened_at"].min()
    some = some[some["status"].isin(["approved", "rejected"]) & within(some["decided_at"], asked)]
    some = limited(some, asked, "platforms agencies regions stages")
    some = blank(some, *(column for level, column in _PLACES.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "decided_at", {"stage": "stage", **_PLACES})
    back_at = some["id"].map(again).astype(np.float64)
    rejected = some["status"] == "rejected"
    keys = [*chosen, "attempt"]
    found = grouped(
        some[keys].assign(
            decided=1,
            passed=~rejected,
            rejected=rejected,
            came_back=rejected & back_at.notna(),
            took=(back_at - some["decided_at"]).where(rejected),
        ),
        keys,
    ).agg(
        decided=("decided", "sum"),
        passed=("passed", "sum"),
        rejected=("rejected", "sum"),
        came_back=("came_back", "sum"),
        took=("took", "median"),
    )
    found = found.assign(
        passed_percent=percent(found["passed"], found["decided"]),
        came_back_percent=percent(found["came_back"], found["rejected"]),
        came_back_p50_h=rounded(found["took"] / HOUR, 1),
    )
    return finished(
        found,
        keys,
        "period stage platform agency region attempt decided passed passed_percent rejected came_back"
        " came_back_percent came_back_p50_h",
    )


def samples(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How often a second, blind look agrees with the first, with Wilson's interval."""
    every = frames.of(
        "review_task",
        "id sample_of status decided_at stage decided_by platform_id agency_id region",
    )
    second = every[every["sample_of"].notna() & every["status"].isin(["approved", "rejected"])]
    second = second[within(second["decided_at"], asked)][["sample_of", "status", "decided_at"]]
    some = second.rename(columns={"status": "again", "decided_at": "looked_at"}).merge(
        every.drop(columns="sample_of"), left_on="sample_of", right_on="id"
    )
    some = limited(some, asked, "platforms agencies regions stages reviewers")
    some = blank(some, *(column for level, column in _PLACES.items() if level in asked.levels))
    some, chosen = told_by(some, asked, "looked_at", _REVIEWS)
    found = grouped(
        some[chosen].assign(
            n=1, agreed=some["again"].astype(object) == some["status"].astype(object)
        ),
        chosen,
    ).agg(looked_again=("n", "sum"), agreed=("agreed", "sum"))
    spans = [wilson(k, n) for k, n in zip(found["agreed"], found["looked_again"], strict=True)]
    found = found.assign(
        differed=found["looked_again"] - found["agreed"],
        agreed_percent=percent(found["agreed"], found["looked_again"]),
        agreed_low_percent=rounded([100 * low for low, _ in spans], 1),
        agreed_high_percent=rounded([100 * high for _, high in spans], 1),
    )
    return finished(
        found,
        chosen,
        "period stage reviewer platform agency region looked_again agreed differed agreed_percent"
        " agreed_low_percent agreed_high_percent",
    )


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's score interval at 95 % for k of n, in the form of the textbook."""
    z = 1.959963984540054
    share = k / n
    middle = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    below = 1 + z * z / n
    return max((middle - half) / below, 0.0), min((middle + half) / below, 1.0)
