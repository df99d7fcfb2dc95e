"""What certificates of a generated population are used for: bound to a platform, and to encrypt files."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering
from tools.benchmarking.lifecycles.chance import DAY, END, HOUR, MINUTE, Chance, Column
from tools.benchmarking.lifecycles.gathering import Gathered, moments, named
from tools.benchmarking.lifecycles.orders import Held, Orders, People

_ENTITIES = ("ent_national", "ent_regional")


def entities(out: Gathered) -> None:
    """The entities that codes of other platforms stand for: once, whatever the number of parts."""
    kinds = pa.array(("national", "regional"))
    out.add("entity_fact", {"id": pa.array(_ENTITIES), "kind": kinds, "status": "active"})


def made(chance: Chance, some: People, orders: Orders, held: Held, out: Gathered) -> None:
    """Bindings and files of who has a certificate."""
    after = orders.downloaded_at[held.which]
    _bindings(chance, some, orders, held, after, out)
    _files(chance, orders, held, after, out)


def _bindings(
    chance: Chance, some: People, orders: Orders, held: Held, after: Column, out: Gathered
) -> None:
    at = after + chance.wait(len(after), 3 * HOUR, 1.5)
    those = np.flatnonzero(chance.happens(len(at), 0.9) & (at < END))
    at, which = at[those], held.which[those]
    count = len(at)
    accounts = chance.ids("mall", at)
    platforms = named(orders.cases.platform[which], gathering.PLATFORMS)
    out.add(
        "mall_account_fact",
        {
            "id": accounts,
            "role": named(chance.one_of(count, (4, 6)), ("purchaser", "supplier")),
            "platform_id": platforms,
            "account_ref": some.refs.take(pa.array(orders.owner[which])),
            "enterprise_id": pa.nulls(count, pa.string()),
            "status": "bound",
            "created_at": at - HOUR,
        },
    )
    at_once = chance.happens(count, 0.7)
    bound_at = np.where(at_once, at, at + chance.wait(count, 5 * HOUR, 1.1))
    rejected = ~at_once & chance.happens(count, 0.08)
    bound = ~rejected & (bound_at < END)
    moved = chance.happens(count, 0.05)
    out.add(
        "binding_fact",
        {
            "id": chance.ids("bind", at),
            "mall_account_id": accounts,
            "certificate_id": held.signing.take(pa.array(those)),
            "platform_id": platforms,
            "entity_id": named(
                np.where(chance.happens(count, 0.2), 0, gathering.NOTHING), _ENTITIES
            ),
            "moved_from": named(np.where(moved, 0, gathering.NOTHING), ("bind_before",)),
            "status": named(
                np.where(rejected, 1, np.where(bound, 0, 2)), ("bound", "rejected", "in_review")
            ),
            "created_at": at,
            "bound_at": moments(bound_at, bound),
        },
    )


def _files(chance: Chance, orders: Orders, held: Held, after: Column, out: Gathered) -> None:
    at = after + chance.wait(len(after), 10 * DAY, 1.2)
    those = np.flatnonzero(chance.happens(len(at), 0.5) & (at < END))
    at, which = at[those], held.which[those]
    count = len(at)
    files, finished = chance.ids("file", at), chance.happens(count, 0.93)
    made_at = at + chance.wait(count, 2 * MINUTE, 0.7)
    out.add(
        "file_fact",
        {
            "id": files,
            "platform_id": named(orders.cases.platform[which], gathering.PLATFORMS),
            "certificate_id": held.signing.take(pa.array(those)),
            "status": named(finished.astype(np.int32), ("asked", "made")),
            "size": chance.wait(count, 800_000, 1.5),
            "created_at": at,
            "signed_at": moments(at + (made_at - at) // 2, finished),
            "made_at": moments(made_at, finished),
        },
    )
    # One's own certificate, and that of somebody else.
    other = chance.number(count, 0, len(held.which) - 1)
    for readers in (those, other):
        out.add(
            "file_recipient_fact",
            {
                "id": chance.ids("frec", at),
                "file_id": files,
                "certificate_id": held.encryption.take(pa.array(readers)),
            },
        )
    opened_at = made_at + chance.wait(count, 8 * HOUR, 1.3)
    opened = np.flatnonzero(finished & chance.happens(count, 0.75) & (opened_at < END))
    out.add(
        "file_opening_fact",
        {
            "id": chance.ids("open", opened_at[opened]),
            "file_id": files.take(pa.array(opened)),
            "status": named(chance.one_of(len(opened), (90, 6, 1)), ("read", "taken", "damaged")),
            "created_at": opened_at[opened],
            "opened_at": opened_at[opened],
        },
    )
