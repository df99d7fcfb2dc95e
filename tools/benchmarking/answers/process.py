"""Process map, variants, funnel and cohorts, once more in pandas (RPT-4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    HOUR,
    Asked,
    Frames,
    civil,
    finished,
    percent,
    rounded,
    within,
)

_LISTS = {
    "kinds": "case_kind",
    "platforms": "platform_id",
    "agencies": "agency_id",
    "regions": "region",
}


def _limited(frame: pd.DataFrame, asked: Asked) -> pd.DataFrame:
    for name, column in _LISTS.items():
        if values := getattr(asked, name):
            frame = frame[frame[column].isin(list(values))]
    return frame


def _lives(frames: Frames, asked: Asked, columns: str) -> pd.DataFrame:
    """The events of the cases that are asked for, case by case in the order of the log."""
    columns += "".join(f" {column}" for name, column in _LISTS.items() if getattr(asked, name))
    wanted = dict.fromkeys(f"case_kind case_id seq {columns}".split())
    found = _limited(frames.of("lifecycle_event", " ".join(wanted)), asked)
    return found.sort_values(["case_kind", "case_id", "seq"])


def process_map(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What follows what, from the events themselves: no pair was kept ready."""
    told = _lives(frames, asked, "activity happened_at")
    inside = within(told["happened_at"], asked)
    case = told["case_id"]
    follows = (case == case.shift()) & (told["case_kind"] == told["case_kind"].shift())
    before_at = told["happened_at"].shift()
    # A fact whose forerunner in the same case lies before the span was come to, not begun with.
    moves = told.assign(source=told["activity"].shift(), took=told["happened_at"] - before_at)
    moves = moves[follows & inside]
    groups = moves.groupby(["case_kind", "source", "activity"], observed=True)["took"]
    times = groups.quantile([0.5, 0.9]).unstack()
    edges = groups.size().to_frame("moves")
    edges["move_p50_h"] = rounded(times[0.5] / HOUR, 2) if len(times) else np.nan
    edges["move_p90_h"] = rounded(times[0.9] / HOUR, 2) if len(times) else np.nan
    edges = edges.reset_index().rename(
        columns={"source": "from_activity", "activity": "to_activity"}
    )
    begun = told[inside & ~follows].groupby(["case_kind", "activity"], observed=True).size()
    goes_on = follows.shift(-1, fill_value=False) & (told["happened_at"].shift(-1) < asked.to_ms)
    ended = told[inside & ~goes_on].groupby(["case_kind", "activity"], observed=True).size()
    ends = [
        begun.reset_index(name="moves")
        .rename(columns={"activity": "to_activity"})
        .assign(from_activity=""),
        ended.reset_index(name="moves")
        .rename(columns={"activity": "from_activity"})
        .assign(to_activity=""),
    ]
    keys = ["case_kind", "from_activity", "to_activity"]
    found = pd.concat([one.astype(dict.fromkeys(keys, object)) for one in (edges, *ends)])
    found = found[found["moves"] > 0].sort_values(
        ["case_kind", "moves", "from_activity", "to_activity"], ascending=[True, False, True, True]
    )
    return finished(found, [], "case_kind from_activity to_activity moves move_p50_h move_p90_h")


def variants(frames: Frames, asked: Asked) -> pd.DataFrame:
    """The 200 most frequent ways of each kind of case."""
    told = _lives(frames, asked, "activity happened_at")
    told_columns = "case_kind path cases share_percent lasts_p50_h lasts_p90_h example"
    if told.empty:
        return finished(pd.DataFrame(), [], told_columns)
    begins = (told["case_id"] != told["case_id"].shift()) | (
        told["case_kind"] != told["case_kind"].shift()
    )
    number = begins.cumsum().to_numpy() - 1
    first = np.flatnonzero(begins.to_numpy())
    lives = told.iloc[first][["case_kind", "case_id"]].reset_index(drop=True)
    at = told["happened_at"].to_numpy()
    groups = pd.Series(at).groupby(number)
    lives["began"], lives["last"] = groups.min().to_numpy(), groups.max().to_numpy()
    texts = told["activity"].astype(object).to_numpy()
    ends = np.append(first[1:], len(texts))
    # One way is one tuple: the same objects again and again, so that a dictionary finds it fast.
    lives["path"] = [tuple(texts[begin:end]) for begin, end in zip(first, ends, strict=True)]
    lives = lives[within(lives["began"], asked)]
    lives = lives.assign(lasts=lives["last"] - lives["began"])
    groups = lives.groupby(["case_kind", "path"], observed=True)
    found = groups.agg(cases=("lasts", "size"), example=("case_id", "min"))
    times = groups["lasts"].quantile([0.5, 0.9]).unstack()
    found["lasts_p50_h"] = rounded(times[0.5] / HOUR, 2) if len(times) else np.nan
    found["lasts_p90_h"] = rounded(times[0.9] / HOUR, 2) if len(times) else np.nan
    found = found.reset_index()
    of_kind = found.groupby("case_kind", observed=True)["cases"].transform("sum")
    found["share_percent"] = percent(found["cases"], of_kind)
    found["path"] = [" > ".join(path) for path in found["path"]]
    found = found.astype({"case_kind": object}).sort_values(
        ["case_kind", "cases", "path"], ascending=[True, False, True]
    )
    found = found.groupby("case_kind", sort=False).head(200)
    return finished(found, [], told_columns)


_STEPS = {
    "1_registered": "registered_at",
    "2_proved": "proved_at",
    "3_joined": "joined_at",
    "4_ordered": "first_order_at",
    "5_order_paid": "first_paid_at",
    "6_certified": "first_certificate_at",
    "7_invoiced": "first_invoice_at",
}


def funnel(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How far those who registered came."""
    people = frames.of("account_fact", " ".join(_STEPS.values()))
    people = people[within(people["registered_at"], asked)]
    rows = []
    before = people["registered_at"]
    for step, column in _STEPS.items():
        reached = people[column]
        both = reached.notna() & before.notna()
        took = (reached - before)[both & (reached >= before)]
        rows.append(
            {
                "step": step,
                "reached": int(reached.notna().sum()),
                "of_registered_percent": float(percent([reached.notna().sum()], [len(people)])[0]),
                "of_before_percent": float(percent([both.sum()], [before.notna().sum()])[0]),
                "from_before_p50_h": float(rounded([took.median() / HOUR], 2)[0]),
            }
        )
        before = reached
    found = pd.DataFrame(rows if len(people) else [])
    return finished(
        found, [], "step reached of_registered_percent of_before_percent from_before_p50_h"
    )


_MILESTONES = {
    "1_proved": "proved_at",
    "2_joined": "joined_at",
    "3_onboarded": "onboarded_at",
    "4_ordered": "first_order_at",
    "5_order_paid": "first_paid_at",
    "6_certified": "first_certificate_at",
    "7_invoiced": "first_invoice_at",
    "8_closed": "ended_at",
}


def _months(moments: pd.Series) -> pd.Series:
    days = civil(moments)
    return days.dt.year * 12 + days.dt.month - 1


def cohorts(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What became of those who registered in a month, month by month."""
    people = frames.of("account_fact", f"registered_at {' '.join(_MILESTONES.values())}")
    people = people[within(people["registered_at"], asked)]
    this_month = int(_months(pd.Series([frames.now()])).iloc[0])
    month = _months(people["registered_at"])
    rows = []
    for begun, some in people.groupby(month):
        for milestone, column in _MILESTONES.items():
            reached_at = some[column].dropna()
            after = _months(reached_at) - begun
            counts = after.value_counts()
            so_far = 0
            for age in range(this_month - begun + 1):
                so_far += int(counts.get(age, 0))
                rows.append(
                    {
                        "cohort": f"{begun // 12:04d}-{begun % 12 + 1:02d}",
                        "registered": len(some),
                        "milestone": milestone,
                        "months_after": age,
                        "reached": so_far,
                        "of_registered_percent": float(percent([so_far], [len(some)])[0]),
                    }
                )
    return finished(
        pd.DataFrame(rows),
        [],
        "cohort milestone months_after registered reached of_registered_percent",
    )


def process_map_of_pairs(frames: Frames, asked: Asked) -> pd.DataFrame:
    """The whole process map out of the pairs and cases that the copy keeps ready; without a span."""
    del asked
    keys = ["case_kind", "from_activity", "to_activity"]
    pairs = frames.of("lifecycle_step", f"{' '.join(keys)} from_ms to_ms")
    groups = (pairs["to_ms"] - pairs["from_ms"]).groupby(
        [pairs[key] for key in keys], observed=True
    )
    edges = groups.size().to_frame("moves")
    times = groups.quantile([0.5, 0.9]).unstack()
    edges["move_p50_h"] = rounded(times[0.5] / HOUR, 2)
    edges["move_p90_h"] = rounded(times[0.9] / HOUR, 2)
    cases = frames.of("lifecycle_case", "case_kind first_activity activity")
    begun = cases.groupby(["case_kind", "first_activity"], observed=True).size()
    ended = cases.groupby(["case_kind", "activity"], observed=True).size()
    parts = [
        edges.reset_index(),
        begun.rename_axis(["case_kind", "to_activity"])
        .reset_index(name="moves")
        .assign(from_activity=""),
        ended.rename_axis(["case_kind", "from_activity"])
        .reset_index(name="moves")
        .assign(to_activity=""),
    ]
    found = pd.concat([one.astype(dict.fromkeys(keys, object)) for one in parts])
    found = found.sort_values(
        ["case_kind", "moves", "from_activity", "to_activity"], ascending=[True, False, True, True]
    )
    return finished(found, [], "case_kind from_activity to_activity moves move_p50_h move_p90_h")


def variants_of_cases(frames: Frames, asked: Asked) -> pd.DataFrame:
    """The most frequent ways out of the cases that the copy keeps ready; without a span."""
    del asked
    cases = frames.of("lifecycle_case", "case_kind path case_id began_at happened_at")
    cases = cases.assign(lasts=cases["happened_at"] - cases["began_at"])
    groups = cases.groupby(["case_kind", "path"], observed=True)
    found = groups.agg(cases=("lasts", "size"), example=("case_id", "min"))
    times = groups["lasts"].quantile([0.5, 0.9]).unstack()
    found["lasts_p50_h"] = rounded(times[0.5] / HOUR, 2)
    found["lasts_p90_h"] = rounded(times[0.9] / HOUR, 2)
    found = found.reset_index().astype({"case_kind": object})
    of_kind = found.groupby("case_kind")["cases"].transform("sum")
    found["share_percent"] = percent(found["cases"], of_kind)
    found = found.sort_values(["case_kind", "cases", "path"], ascending=[True, False, True])
    return finished(
        found.groupby("case_kind", sort=False).head(200),
        [],
        "case_kind path cases share_percent lasts_p50_h lasts_p90_h example",
    )
