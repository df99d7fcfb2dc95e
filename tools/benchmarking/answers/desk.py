"""Bulk acts, incidents, stops, deliveries to machines and looks behind masks, once more in pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tools.benchmarking.answers.frames import (
    HOUR,
    MINUTE,
    Asked,
    Frames,
    finished,
    grouped,
    limited,
    percent,
    rounded,
    told_by,
    within,
)
from tools.benchmarking.answers.orders import blank


def bulk_acts(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many lists were frozen, agreed to and ended which way, and how long that took."""
    some = frames.of(
        "bulk_fact",
        "act size status platform_id agency_id made_at approved_at started_at ended_at",
    )
    some = limited(some[within(some["made_at"], asked)], asked, "platforms agencies")
    some = blank(some, *(f"{one}_id" for one in ("platform", "agency") if one in asked.levels))
    some, chosen = told_by(
        some, asked, "made_at", {"act": "act", "platform": "platform_id", "agency": "agency_id"}
    )
    groups = grouped(
        some[chosen].assign(
            lists=1,
            listed_items=some["size"],
            agreed_lists=some["approved_at"].notna(),
            finished_lists=some["status"] == "done",
            stopped_lists=some["status"] == "stopped",
            dropped_lists=some["status"] == "dropped",
            second=(some["approved_at"] - some["made_at"]) / MINUTE,
            over=((some["ended_at"] - some["made_at"]) / MINUTE).where(some["started_at"].notna()),
        ),
        chosen,
    )
    counts = [
        "lists",
        "listed_items",
        "agreed_lists",
        "finished_lists",
        "stopped_lists",
        "dropped_lists",
    ]
    found = groups[counts].sum()
    found["second_person_p50_min"] = rounded(groups["second"].median(), 1)
    found["to_end_p50_min"] = rounded(groups["over"].quantile(0.5), 1)
    found["to_end_p90_min"] = rounded(groups["over"].quantile(0.9), 1)
    return finished(
        found,
        chosen,
        f"period act platform agency {' '.join(counts)} second_person_p50_min to_end_p50_min"
        " to_end_p90_min",
    )


def bulk_items(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How the items of lists that were started ended, and whether as had been foreseen."""
    lists = frames.of("bulk_fact", "id act status made_at started_at").rename(
        columns={"id": "bulk_id"}
    )
    lists = lists[lists["started_at"].notna() & within(lists["made_at"], asked)]
    items = frames.of("bulk_item_fact", "bulk_id item_id foreseen outcome").merge(lists)
    orders = frames.of("order_fact", "id platform_id").rename(columns={"id": "order_id"})
    pairs = frames.of("certificate_fact", "id order_id agency_id").merge(orders, how="left")
    cases = frames.of("review_task", "id platform_id agency_id")
    # A thing is a case or a certificate, or it is a job and belongs nowhere.
    columns = ["id", "platform_id", "agency_id"]
    places = pd.concat([cases[columns].astype(object), pairs[columns].astype(object)])
    some = items.merge(places.rename(columns={"id": "item_id"}), how="left", on="item_id")
    some = limited(some, asked, "platforms agencies")
    left = some["outcome"].isna() & (some["status"] == "stopped")
    ended_as = some["outcome"].astype(object)
    ended_as = ended_as.where(some["outcome"].notna(), np.where(left, "left_alone", "open"))
    some = some.assign(ended_as=ended_as)
    some = blank(some, *(f"{one}_id" for one in ("platform", "agency") if one in asked.levels))
    some, chosen = told_by(
        some,
        asked,
        "made_at",
        {"act": "act", "ended_as": "ended_as", "platform": "platform_id", "agency": "agency_id"},
    )
    over = some["outcome"].notna()
    found = grouped(
        some[chosen].assign(
            items=1,
            items_done=over & (some["outcome"] == "done"),
            items_refused=over & (some["outcome"] != "done"),
            items_left=left,
            as_foreseen=over & (some["outcome"] == some["foreseen"]),
            over=over,
        ),
        chosen,
    ).sum()
    found["as_foreseen_percent"] = percent(found["as_foreseen"], found["over"])
    return finished(
        found,
        chosen,
        "period act ended_as platform agency items items_done items_refused items_left as_foreseen"
        " as_foreseen_percent",
    )


def incidents(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many incidents were opened, contained in time and closed, and after how long."""
    some = frames.of("incident_fact", "kind status opened_at contain_by contained_at closed_at")
    some = some[within(some["opened_at"], asked)]
    some, chosen = told_by(some, asked, "opened_at", {"incident_kind": "kind"})
    contained = some["contained_at"].notna()
    late = ~contained & (some["contain_by"] < frames.now())
    groups = grouped(
        some[chosen].assign(
            incidents=1,
            contained=contained,
            contained_in_time=contained & (some["contained_at"] <= some["contain_by"]),
            known=contained | late,
            closed=some["status"] == "closed",
            hours=(some["contained_at"] - some["opened_at"]) / HOUR,
            closing=(some["closed_at"] - some["opened_at"]) / HOUR,
        ),
        chosen,
    )
    found = groups[["incidents", "contained", "contained_in_time", "known", "closed"]].sum()
    found["contained_in_time_percent"] = percent(found["contained_in_time"], found["known"])
    found["contain_p50_h"] = rounded(groups["hours"].quantile(0.5), 1)
    found["contain_p90_h"] = rounded(groups["hours"].quantile(0.9), 1)
    found["close_p50_h"] = rounded(groups["closing"].median(), 1)
    return finished(
        found,
        chosen,
        "period incident_kind incidents contained contained_in_time contained_in_time_percent closed"
        " contain_p50_h contain_p90_h close_p50_h",
    )


def _waited(frames: Frames, agency: str, since: int, until: int) -> int:
    """For how many orders of a CA a certificate was asked for and not issued at some time in a span."""
    orders = frames.of("order_fact", "id issued_at ended_at").rename(columns={"id": "order_id"})
    wanted = frames.of("certificate_fact", "order_id agency_id usage created_at")
    wanted = wanted[(wanted["usage"] == "signing") & (wanted["agency_id"] == agency)]
    first = wanted.groupby("order_id")["created_at"].min().rename("asked_at").reset_index()
    first = first.merge(orders, on="order_id")
    over = first["issued_at"].fillna(first["ended_at"]).fillna(np.inf)
    return int(((first["asked_at"] < until) & (over >= since)).sum())


def issuing_stops(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How often and how long each CA was stopped: minute by minute of the union of its stops."""
    moment = min(asked.to_ms, frames.now() + 1)
    stops = frames.of("issuing_stop_fact", "id agency_id stopped_at lifted_at")
    stops = stops[stops["stopped_at"] < moment].sort_values(["stopped_at", "id"])
    known = {*frames.of("agency_fact", "agency_id")["agency_id"], *stops["agency_id"]} - {""}
    rows = []
    for agency in sorted(known):
        if asked.agencies and agency not in asked.agencies:
            continue
        free_from = 0
        for stop in stops[stops["agency_id"].isin([agency, ""])].itertuples():
            lifted = pd.notna(stop.lifted_at) and stop.lifted_at < moment
            until = int(stop.lifted_at) if lifted else moment
            alone = max(0, until - max(stop.stopped_at, free_from))
            free_from = max(free_from, until)
            if stop.stopped_at < asked.from_ms:
                continue
            rows.append(
                {
                    "agency_id": agency,
                    "stopped_at": stop.stopped_at,
                    "stops": 1,
                    "stops_lifted": int(lifted),
                    "minutes_stopped": alone // MINUTE,
                    "lift": (until - stop.stopped_at) / HOUR if lifted else np.nan,
                    "orders_waited": _waited(frames, agency, stop.stopped_at, until),
                }
            )
    counts = ["stops", "stops_lifted", "minutes_stopped", "orders_waited"]
    some = pd.DataFrame(rows, columns=["agency_id", "stopped_at", "lift", *counts])
    some = some.astype({"stopped_at": np.int64, "lift": float} | dict.fromkeys(counts, np.int64))
    some, chosen = told_by(some, asked, "stopped_at", {"agency": "agency_id"})
    groups = grouped(some[[*chosen, "lift", *counts]], chosen)
    found = groups[counts].sum()
    found["hours_stopped"] = rounded(found["minutes_stopped"] / 60, 1)
    found["lift_p50_h"] = rounded(groups["lift"].median(), 1)
    return finished(
        found,
        chosen,
        "period agency stops stops_lifted hours_stopped minutes_stopped lift_p50_h orders_waited",
    )


def deliveries(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What was sent to machines, how it ended, after how many tries and how soon it was taken."""
    ends = frames.of("endpoint_fact", "id client_id host number")
    names = frames.of("machine_fact", "id name").rename(columns={"id": "client_id"})
    ends = ends.merge(names, how="left").fillna({"name": ""})
    ends["endpoint"] = [
        f"{host} #{n}" for host, n in zip(ends["host"], ends["number"], strict=True)
    ]
    sent = frames.of(
        "delivery_fact", "endpoint_id kind status made_at tries accepted_try accepted_at"
    )
    sent = sent[(sent["kind"] != "webhook.test") & within(sent["made_at"], asked)]
    some = sent.merge(ends, left_on="endpoint_id", right_on="id")
    which = some["accepted_try"].fillna(0).clip(upper=4).astype(int)
    at = ["5_not_taken", "1_first_try", "2_second_try", "3_third_try", "4_later_try"]
    some["at"] = [at[one] for one in which]
    some, chosen = told_by(
        some,
        asked,
        "made_at",
        {"machine": "name", "endpoint": "endpoint", "event_kind": "kind", "tries_needed": "at"},
    )
    taken, took = some["accepted_at"].notna(), some["accepted_at"] - some["made_at"]
    given_up = ~taken & (some["status"] == "given_up")
    late = ~taken & (some["made_at"] + MINUTE < frames.now())
    groups = grouped(
        some[chosen].assign(
            sent=1,
            delivered_events=taken,
            first_try=some["accepted_try"] == 1,
            within_a_minute=taken & (took <= MINUTE),
            known=taken | given_up | late,
            given_up=given_up,
            waiting_deliveries=~taken & (some["status"] == "waiting"),
            tries_made=some["tries"],
            seconds=took / 1000,
        ),
        chosen,
    )
    one = ["sent", "delivered_events", "first_try", "within_a_minute"]
    two = ["given_up", "waiting_deliveries", "tries_made"]
    found = groups[[*one, *two, "known"]].sum()
    found["within_a_minute_percent"] = percent(found["within_a_minute"], found["known"])
    found["accept_p50_s"] = rounded(groups["seconds"].quantile(0.5), 1)
    found["accept_p90_s"] = rounded(groups["seconds"].quantile(0.9), 1)
    return finished(
        found,
        chosen,
        f"period machine endpoint event_kind tries_needed {' '.join(one)} within_a_minute_percent"
        f" {' '.join(two)} accept_p50_s accept_p90_s",
    )


def reveals(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How often a masked value was shown, by ground, kind of value and of record, and role."""
    some = frames.of("reveal_fact", "ground field record_kind roles revealed_at")
    some = some[within(some["revealed_at"], asked)]
    levels = {"ground": "ground", "field": "field", "record_kind": "record_kind"}
    some, chosen = told_by(some, asked, "revealed_at", levels | {"staff_role": "roles"})
    found = grouped(some[chosen].assign(reveals=1), chosen).sum()
    return finished(found, chosen, "period ground field record_kind staff_role reveals")
