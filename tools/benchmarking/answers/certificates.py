"""Certificates, their renewals, ends, PINs, scans and bindings, once more in pandas."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    FOREVER,
    MINUTE,
    Asked,
    Frames,
    finished,
    limited,
    percent,
    period,
    rounded,
    within,
)


def moment_of(frames: Frames, asked: Asked) -> int:
    """The end of the span, or just after the newest event where it has none."""
    return frames.now() + 1 if asked.to_ms >= FOREVER else asked.to_ms


def certificates(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many certificates are in each state at a moment, by what the log had told until then."""
    moment = moment_of(frames, asked)
    pairs = frames.of(
        "certificate_fact",
        "id usage order_id agency_id product created_at not_after activated_at",
    )
    pairs = pairs[
        (pairs["usage"] == "signing")
        & (pairs["created_at"] >= asked.from_ms)
        & (pairs["created_at"] < moment)
    ]
    pairs = limited(pairs, asked, "agencies").merge(
        frames.of("order_fact", "id business").rename(columns={"id": "order"}),
        left_on="order_id",
        right_on="order",
    )
    told = frames.of("event_fact", "seq occurred_at kind subject")
    kinds = [
        f"certificate.{end}"
        for end in ("issued", "suspended", "resumed", "revoked", "finished", "abandoned")
    ]
    told = told[told["kind"].isin(kinds) & (told["occurred_at"] < moment)].sort_values("seq")
    newest = (
        told.drop_duplicates("subject", keep="last").set_index("subject")["kind"].astype(object)
    )
    last = pairs["id"].map(newest)
    state = np.select(
        [
            last == "certificate.revoked",
            last == "certificate.finished",
            last == "certificate.abandoned",
            last.isna(),
            pairs["not_after"] <= moment,
            last == "certificate.suspended",
            pairs["activated_at"] < moment,
        ],
        ["revoked", "finished", "abandoned", "requested", "expired", "suspended", "active"],
        "issued",
    )
    keys = ["agency", "product", "business", "state"]
    found = (
        pairs.assign(agency=pairs["agency_id"], state=state)
        .groupby(keys, observed=True, dropna=False)
        .size()
        .to_frame("certificates")
    )
    return finished(found, keys, "agency product business state certificates")


def renewals(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What became of the certificates that end in each month."""
    moment = moment_of(frames, asked)
    every = frames.of(
        "certificate_fact",
        "id usage product order_id agency_id not_after activated_at status revoked_at replaced_by",
    )
    business = frames.of("order_fact", "id business").set_index("id")["business"].astype(object)
    some = every.assign(own=every["order_id"].map(business))
    some = some[some["own"].notna()]
    next_order = some["replaced_by"].map(every.set_index("id")["order_id"])
    next_at = some["replaced_by"].map(every.set_index("id")["activated_at"])
    then = next_order.map(business)
    keep = (
        (some["usage"] == "signing")
        & (some["product"] != "event")
        & (some["own"] != "delegation")
        & (some["activated_at"] < moment)
        & (some["not_after"] >= asked.from_ms)
        & ((some["status"] != "revoked") | (some["revoked_at"] >= moment) | (then == "renewal"))
    )
    some = limited(some[keep], asked, "agencies")
    then, next_at = then[some.index], next_at[some.index]
    renewed = (then == "renewal") & (next_at < moment)
    lapsed = ~renewed & (some["not_after"] <= moment)
    keys = ["month", "agency"]
    found = (
        pd.DataFrame(
            {
                "month": period(some["not_after"], "month"),
                "agency": some["agency_id"],
                "due": 1,
                "renewed": renewed,
                "lapsed": lapsed,
                "ahead": ~renewed & ~lapsed,
            }
        )
        .groupby(keys, observed=True, dropna=False)
        .sum()
    )
    shares = pd.Series(percent(found["renewed"], found["due"]), found.index)
    found["renewed_percent"] = shares.where(found["ahead"] == 0)
    return finished(found, keys, "month agency due renewed lapsed ahead renewed_percent")


def revocations(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many certificates were revoked on each day, and why."""
    some = frames.of("certificate_fact", "usage status agency_id revoked_at revocation_reason")
    some = some[
        (some["usage"] == "signing")
        & (some["status"] == "revoked")
        & within(some["revoked_at"], asked)
    ]
    some = limited(some, asked, "agencies")
    keys = ["day", "agency", "reason"]
    found = (
        some.assign(
            day=period(some["revoked_at"], "day"),
            agency=some["agency_id"],
            reason=some["revocation_reason"],
        )
        .groupby(keys, observed=True, dropna=False)
        .size()
        .to_frame("revoked")
    )
    return finished(found, keys, "day agency reason revoked")


def pins(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What happened to the passwords of certificates on each day."""
    told = frames.of("event_fact", "occurred_at kind subject")
    whats = {f"{what}_pins": f"pin.{what}" for what in ("wrong", "locked", "unlocked", "changed")}
    told = told[told["kind"].isin(list(whats.values())) & within(told["occurred_at"], asked)]
    known = limited(frames.of("certificate_fact", "id agency_id"), asked, "agencies")
    agency = known.set_index("id")["agency_id"].astype(object)
    told = told.assign(agency=told["subject"].map(agency))[told["subject"].isin(agency.index)]
    told = told.assign(
        day=period(told["occurred_at"], "day"),
        **{name: told["kind"] == kind for name, kind in whats.items()},
    )
    found = told.groupby(["day", "agency"], observed=True, dropna=False)[list(whats)].sum()
    return finished(found, ["day", "agency"], f"day agency {' '.join(whats)}")


def scan_logins(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How scanned sign-ins ended on each day."""
    moment = moment_of(frames, asked)
    some = frames.of(
        "ticket_fact",
        "purpose kind platform_id status created_at expires_at second_scans wrong_numbers result",
    )
    some = some[
        (some["purpose"] == "login")
        & (some["created_at"] >= asked.from_ms)
        & (some["created_at"] < moment)
    ]
    some = limited(some, asked, "platforms")
    status = some["status"].astype(object)
    why = some["result"].map(
        lambda text: json.loads(text).get("why") if isinstance(text, str) else None
    )
    outcome = np.select(
        [
            status == "consumed",
            status == "refused",
            (status == "cancelled") & (some["wrong_numbers"] > 0),
            status == "cancelled",
            some["expires_at"] > moment,
            status == "created",
            status == "scanned",
        ],
        [
            "done",
            why.astype(object).where(why.notna(), "refused"),
            "wrong_digits",
            "taken_back",
            "open",
            "lapsed_unread",
            "lapsed_read",
        ],
        "lapsed_confirmed",
    )
    keys = ["day", "platform", "qr", "outcome"]
    found = (
        some.assign(
            day=period(some["created_at"], "day"),
            platform=some["platform_id"],
            qr=some["kind"],
            outcome=outcome,
        )
        .groupby(keys, observed=True, dropna=False)
        .agg(logins=("expires_at", "size"), second_scans=("second_scans", "sum"))
    )
    return finished(found, keys, "day platform qr outcome logins second_scans")


def bindings(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many accounts of the mall were bound to certificates on each day, and how fast."""
    some = frames.of(
        "binding_fact",
        "mall_account_id certificate_id platform_id entity_id moved_from status created_at bound_at",
    )
    some = limited(some[within(some["created_at"], asked)], asked, "platforms")
    role = frames.of("mall_account_fact", "id role").set_index("id")["role"].astype(object)
    kind = frames.of("entity_fact", "id kind").set_index("id")["kind"].astype(object)
    known = frames.of("certificate_fact", "id")["id"]
    some = some[some["mall_account_id"].isin(role.index) & some["certificate_id"].isin(known)]
    entity = some["entity_id"].map(kind)
    moved = some["moved_from"].notna()
    at_once = ~moved & (some["bound_at"] == some["created_at"])
    later = ~moved & ~at_once & some["bound_at"].notna()
    waiting = ~moved & some["bound_at"].isna()
    minutes = ((some["bound_at"] - some["created_at"]) / MINUTE).where(~moved)
    keys = ["day", "platform", "role", "qr"]
    groups = pd.DataFrame(
        {
            "day": period(some["created_at"], "day"),
            "platform": some["platform_id"],
            "role": some["mall_account_id"].map(role),
            "qr": entity.where(entity.notna(), "platform"),
            "asked": ~moved,
            "bound": at_once | later,
            "bound_at_once": at_once,
            "rejected": waiting & (some["status"] == "rejected"),
            "still_open": waiting & (some["status"] == "in_review"),
            "moved": moved,
            "minutes": minutes,
        }
    ).groupby(keys, observed=True, dropna=False)
    found = groups[["asked", "bound", "bound_at_once", "rejected", "still_open", "moved"]].sum()
    times = groups["minutes"].quantile([0.5, 0.9]).unstack()
    found["bound_p50_min"] = rounded(times[0.5], 1) if len(times) else None
    found["bound_p90_min"] = rounded(times[0.9], 1) if len(times) else None
    return finished(
        found,
        keys,
        "day platform role qr asked bound bound_at_once rejected still_open moved bound_p50_min"
        " bound_p90_min",
    )
