"""From the sums and spreads of shards to the numbers of a replication, and of a whole run."""

from __future__ import annotations

import collections
import math
from collections.abc import Iterable, Mapping
from typing import Any

from simulations.indicators.spreads import Spread

# A number by its name; what has nothing to be a mean or a share of is left out, and never zero.
Figures = dict[str, float]
# Indicator → (its sum, the sum that it is divided by).
_RATIOS = {
    "wait_mean": ("wait_minutes", "cases"),
    "handle_mean": ("handle_minutes", "cases_decided"),
    "decide_mean": ("decide_minutes", "cases_decided"),
    "late_share": ("cases_late", "cases_judged"),
}
_BY_KIND = ("wait_mean", "late_share", "cases_open")
_SHARES = {
    "certified_share": ("certified", "registered"),
    "rejected_share": ("rejected", "decisions"),
    "rejected_wrongly_share": ("rejected_wrongly", "rejected"),
    "approved_wrongly": ("approved_wrongly", None),
    "recall_rules": ("found.rules", "lies.rules"),
    "precision_rules": ("alarms_right.rules", "alarms.rules"),
    "recall_people": ("found.people", "lies.people"),
    "precision_people": ("alarms_right.people", "alarms.people"),
    "recall_both": ("found.both", "lies.both"),
    "precision_both": ("alarms_right.both", "alarms.both"),
}
_COUNTS = (
    *("people", "finished", "actions", "violations"),
    *("registered", "certificates_issued", "orders_placed", "contracts_made", "contracts_passed"),
    *("cases", "cases_open", "cases_unseen", "calls_made", "calls_answered", "gave_up"),
    *("faults_fired", "staff_hours"),
)
_MONEY = {
    "paid_yuan": "paid_fen",
    "refunded_yuan": "refunded_fen",
    "invoiced_yuan": "invoiced_fen",
    "staff_yuan": "staff_fen",
}


def of_replication(shards: Iterable[Mapping[str, Any]]) -> Figures:
    """The indicators of a replication from what its shards left (`tallies.of_shard`)."""
    sums: collections.Counter[str] = collections.Counter()
    spreads: dict[str, Spread] = {}
    for shard in shards:
        for name, value in shard["sums"].items():
            sums[name] += value
        for name, told in shard["spreads"].items():
            spreads.setdefault(name, Spread()).merge(Spread(told))
    found = {name: float(sums[name]) for name in _COUNTS if name in sums}
    found |= {name: sums[fen] / 100 for name, fen in _MONEY.items() if fen in sums}
    kinds = sorted(name.removeprefix("cases.") for name in sums if name.startswith("cases."))
    for suffix in ("", *(f".{kind}" for kind in kinds)):
        _add_ratios(found, sums, suffix)
    for name, (part, whole) in _SHARES.items():
        _add_share(found, sums, name, part, whole)
    for share, name in ((0.5, "p50"), (0.9, "p90")):
        _add_quantile(found, spreads, f"wait_{name}", "wait_minutes", share)
        _add_quantile(found, spreads, f"to_certificate_{name}", "hours_to_certificate", share)
    return {name: found[name] for name in sorted(found)}


def _add_ratios(found: Figures, sums: Mapping[str, float], suffix: str) -> None:
    for name, (part, whole) in _RATIOS.items():
        if suffix and name not in _BY_KIND:
            continue
        _add_share(found, sums, f"{name}{suffix}", f"{part}{suffix}", f"{whole}{suffix}")
    if suffix:
        found[f"cases_open{suffix}"] = float(sums[f"cases_open{suffix}"])


def _add_share(
    found: Figures, sums: Mapping[str, float], name: str, part: str, whole: str | None
) -> None:
    if whole is None:
        if part in sums:
            found[name] = float(sums[part])
    elif sums.get(whole, 0):
        found[name] = sums.get(part, 0.0) / sums[whole]


def _add_quantile(
    found: Figures, spreads: Mapping[str, Spread], name: str, spread: str, share: float
) -> None:
    value = spreads[spread].quantile(share) if spread in spreads else math.nan
    if not math.isnan(value):
        found[name] = value


def with_outcome(tally: Mapping[str, Any], **sums: float) -> dict[str, Any]:
    """What a shard left, with what only its outcome says: people, finished, actions, violations."""
    return {**tally, "sums": {**tally["sums"], **sums}}


def of_run(replications: Iterable[tuple[int, int, Iterable[Mapping[str, Any]]]]) -> dict[str, Any]:
    """What `indicators.json` holds: for each replication its number, its seed and its indicators.

    Each replication is (number, seed, what its shards left).
    """
    return {
        "version": 1,
        "replications": [
            {"replication": number, "seed": seed, "indicators": of_replication(left)}
            for number, seed, left in replications
        ],
    }
