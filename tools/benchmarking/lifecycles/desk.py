"""What staff do to many at once, what goes wrong, and what machines are told, in a generated year."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering
from tools.benchmarking.lifecycles.chance import DAYS, END, HOUR, MINUTE, Chance, Column
from tools.benchmarking.lifecycles.gathering import NOTHING, Gathered, moments, named

_CASE_ACTS = ("approve", "reject", "hold", "resume")
_ACTS = (*_CASE_ACTS, "suspend_certificates", "revoke_certificates", "take_up_jobs")
_LISTS = ("rehearsed", "dropped", "running", "stopped", "done")
_REFUSALS = ("done", "not_possible_now", "maker_is_not_checker", "changed_since_seen")
_EVENTS = ("order.placed", "order.paid", "certificate.activated", "invoice.issued", "webhook.test")


def made(chance: Chance, out: Gathered, people: int) -> None:
    """Lists, incidents, stops, deliveries and looks of a year, more of them where there are more people."""
    _lists(chance, out, 40 + people // 2_000)
    _incidents(chance, out, 30)
    _stops(chance, out, 24)
    _deliveries(chance, out, people)
    _looks(chance, out, 100 + people // 20)


def _lists(chance: Chance, out: Gathered, count: int) -> None:
    at = chance.arrivals(count, 0, DAYS)
    act = chance.one_of(count, (5, 3, 3, 2, 2, 1, 2))
    status = chance.one_of(count, (1, 1, 1, 2, 6))
    begun = status >= 2
    agreed = begun & chance.happens(count, 0.7)
    agreed_at = at + chance.wait(count, 30 * MINUTE, 1.2)
    started_at = agreed_at + chance.wait(count, 6 * MINUTE, 0.8)
    ended_at = started_at + chance.wait(count, 9 * MINUTE, 1.0)
    ended = (status == 1) | (status >= 3)
    one_place = chance.happens(count, 0.6)
    places = [
        chance.number(count, 0, len(some) - 1) for some in (gathering.PLATFORMS, gathering.AGENCIES)
    ]
    ids, size = chance.ids("blk", at), chance.number(count, 5, 60)
    out.add(
        "bulk_fact",
        {
            "id": ids,
            "act": named(act, _ACTS),
            "size": size,
            "status": named(status, _LISTS),
            "platform_id": named(np.where(one_place, places[0], NOTHING), gathering.PLATFORMS),
            "agency_id": named(np.where(one_place, places[1], NOTHING), gathering.AGENCIES),
            "made_at": at,
            "rehearsed_at": at + 40_000,
            "approved_at": moments(agreed_at, agreed),
            "started_at": moments(started_at, begun),
            "ended_at": moments(ended_at, ended),
            "ran_ms": np.where(begun, ended_at - started_at, 0),
        },
    )
    _items(chance, out, ids, act, np.repeat(np.arange(count), size), status, started_at)


def _items(
    chance: Chance, out: Gathered, ids: pa.Array, act: Column, of: Column, status: Column,
    started_at: Column,
) -> None:  # fmt: skip
    count = len(of)
    cases, pairs = out.kept("review_task"), out.kept("certificate_fact")
    taken = np.where(
        act[of] < len(_CASE_ACTS),
        chance.number(count, 0, len(cases) - 1),
        np.where(
            act[of] < len(_ACTS) - 1,
            len(cases) + chance.number(count, 0, len(pairs) - 1),
            len(cases) + len(pairs) + chance.number(count, 0, 99),
        ),
    )
    things = pa.concat_arrays([cases, pairs, chance.ids("job", np.full(100, started_at[0]))])
    foreseen = chance.one_of(count, (80, 10, 6, 4))
    came = np.where(chance.happens(count, 0.93), foreseen, chance.one_of(count, (1, 1, 1, 1)))
    tried = (status[of] == 4) | ((status[of] >= 2) & chance.happens(count, 0.5))
    done_at = started_at[of] + chance.wait(count, 3 * MINUTE, 1.0)
    out.add(
        "bulk_item_fact",
        {
            "id": chance.ids("bit", done_at),
            "bulk_id": ids.take(pa.array(of)),
            "item_id": things.take(pa.array(taken)),
            "foreseen": named(foreseen, _REFUSALS),
            "outcome": named(np.where(tried, came, NOTHING), _REFUSALS),
            "done_at": moments(done_at, tried),
        },
    )


def _incidents(chance: Chance, out: Gathered, count: int) -> None:
    at = chance.arrivals(count, 0, DAYS)
    kind = chance.one_of(count, (1, 2, 1, 3, 2))
    status = chance.one_of(count, (1, 1, 6))
    contained_at = at + chance.wait(count, 9 * HOUR, 1.3)
    out.add(
        "incident_fact",
        {
            "id": chance.ids("inc", at),
            "kind": named(
                kind,
                ("key_compromise", "misissuance", "seal_misuse", "service_down", "wrong_review"),
            ),
            "status": named(status, ("open", "contained", "closed")),
            "began_at": at - chance.wait(count, HOUR, 1.0),
            "opened_at": at,
            "contain_by": at + np.array((24, 24, 24, 4, 72))[kind] * HOUR,
            "contained_at": moments(contained_at, status > 0),
            "closed_at": moments(contained_at + chance.wait(count, 50 * HOUR, 1.0), status == 2),
        },
    )


def _stops(chance: Chance, out: Gathered, count: int) -> None:
    """Some hold for one CA and some for all, so that they overlap; the newest are not lifted."""
    known = len(gathering.AGENCIES)
    out.add(
        "agency_fact",
        {
            "id": chance.ids("pol", np.full(known, END)),
            "agency_id": pa.array(gathering.AGENCIES),
            "from_ms": np.zeros(known, dtype=np.int64),
        },
    )
    # Two at a time, one soon after the other.
    at = np.sort(np.tile(chance.arrivals(count // 2, 0, DAYS), 2))
    at[1::2] += chance.wait(count // 2, HOUR, 0.8)
    lifted_at = at + chance.wait(count, 5 * HOUR, 1.2)
    lifted = np.arange(count) < count - 2
    out.add(
        "issuing_stop_fact",
        {
            "id": chance.ids("stp", at),
            "agency_id": named(chance.one_of(count, (3, 2, 2, 2)), (*gathering.AGENCIES, "")),
            "incident_id": chance.ids("inc", at),
            "status": named(lifted.astype(np.int32), ("in_force", "lifted")),
            "stopped_at": at,
            "lifted_at": moments(lifted_at, lifted),
        },
    )


def _deliveries(chance: Chance, out: Gathered, count: int) -> None:
    clients = pa.array(("mch_erp", "mch_tax"))
    out.add(
        "machine_fact",
        {
            "id": clients,
            "name": pa.array(("ERP", "税务系统")),
            "status": "active",
            "made_at": np.full(2, END),
            "ended_at": pa.nulls(2, pa.int64()),
        },
    )
    endpoints = pa.array(("whe_1", "whe_2", "whe_3"))
    out.add(
        "endpoint_fact",
        {
            "id": endpoints,
            "client_id": clients.take(pa.array((0, 0, 1))),
            "host": pa.array(("erp.example", "erp.example", "tax.example")),
            "number": np.array((1, 2, 1)),
            "status": "active",
            "made_at": np.full(3, END),
        },
    )
    at = chance.arrivals(count, 0, DAYS)
    status = chance.one_of(count, (2, 95, 3))
    tries = np.where(status == 2, 12, np.minimum(1 + chance.wait(count, 1_000, 0.9) // 2_000, 11))
    took = chance.wait(count, 3_000, 0.9) * tries**2
    # What is sent once more after it was taken waits again, or is given up now.
    taken = (status == 1) | chance.happens(count, 0.01)
    out.add(
        "delivery_fact",
        {
            "id": chance.ids("whd", at),
            "endpoint_id": endpoints.take(pa.array(chance.one_of(count, (5, 3, 2)))),
            "kind": named(chance.one_of(count, (5, 4, 3, 3, 1)), _EVENTS),
            "status": named(status, ("waiting", "delivered", "given_up")),
            "made_at": at,
            "ended_at": moments(at + took, status > 0),
            "tries": np.where(taken & (status != 1), tries + 1, tries),
            "accepted_try": moments(tries, taken),
            "accepted_at": moments(at + took, taken),
        },
    )


def _looks(chance: Chance, out: Gathered, count: int) -> None:
    at = chance.arrivals(count, 0, DAYS)
    out.add(
        "reveal_fact",
        {
            "id": chance.ids("rvl", at),
            "field": named(
                chance.one_of(count, (5, 3, 2)),
                ("column.phone", "column.person_name", "column.address"),
            ),
            "ground": named(
                chance.one_of(count, (5, 2, 1)), ("customer_call", "court_order", "audit")
            ),
            "record_kind": named(chance.one_of(count, (5, 2, 1)), ("acc", "ent", "inv")),
            "roles": named(
                chance.one_of(count, (5, 3, 1)), ("lead", "call_agent", "auditor|finance")
            ),
            "revealed_at": at,
        },
    )
