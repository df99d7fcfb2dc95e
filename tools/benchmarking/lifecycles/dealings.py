"""Accounts of a generated population and what people do besides ordering: prove, bind, sign, seal, call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.benchmarking.lifecycles import gathering, seals
from tools.benchmarking.lifecycles.chance import DAY, END, HOUR, MINUTE, Chance, Column
from tools.benchmarking.lifecycles.gathering import Cases, Gathered, moments, named
from tools.benchmarking.lifecycles.orders import Orders, People, cases_like

_WAYS = ("alipay", "wechat", "bank_card", "face")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How far each of the people came before ordering; an instant counts where `..ed` says so."""

    proved_at: Column
    proved: Column
    joined_at: Column
    joined: Column
    onboarded_at: Column
    onboarded: Column


def people(chance: Chance, count: int, from_day: float, to_day: float) -> People:
    """People who registered in a span of the year."""
    at = chance.arrivals(count, from_day, to_day)
    weights = [1 / (1 + place / 6) for place in range(len(gathering.REGIONS))]
    return People(
        refs=chance.ids("who", at), registered_at=at, region=chance.one_of(count, weights)
    )


def came(chance: Chance, some: People, out: Gathered) -> Came:
    """Registered, proved, joined, onboarded, told of each."""
    count = len(some.registered_at)
    proved_at = some.registered_at + chance.wait(count, 7 * MINUTE, 1.2)
    proved = chance.happens(count, 0.9) & (proved_at < END)
    joined_at = proved_at + chance.wait(count, 5 * HOUR, 1.4)
    joined = proved & chance.happens(count, 0.8) & (joined_at < END)
    onboarded_at = joined_at + chance.wait(count, 9 * HOUR, 1.4)
    onboarded = joined & chance.happens(count, 0.7) & (onboarded_at < END)
    nowhere = np.full(count, gathering.NOTHING)
    cases = Cases(
        kind="account", ids=some.refs, platform=nowhere, agency=nowhere, region=some.region,
        product=nowhere,
    )  # fmt: skip
    everyone = np.ones(count, dtype=bool)
    out.happened(cases, "account.registered", some.registered_at, everyone)
    out.happened(cases, "account.named", proved_at, proved)
    out.happened(cases, "claim.submitted", joined_at - 40 * MINUTE, joined)
    out.happened(cases, "member.joined", joined_at, joined, "staff")
    out.happened(cases, "mall_account.opened", onboarded_at, onboarded)
    _proofs(chance, some, proved_at, proved, out)
    return Came(
        proved_at=proved_at, proved=proved, joined_at=joined_at, joined=joined,
        onboarded_at=onboarded_at, onboarded=onboarded,
    )  # fmt: skip


def _proofs(chance: Chance, some: People, proved_at: Column, proved: Column, out: Gathered) -> None:
    count = len(proved)
    asked_at = proved_at - np.minimum(
        chance.wait(count, 20_000, 0.9), proved_at - some.registered_at
    )
    failed = ~proved & chance.happens(count, 0.6)
    out.add(
        "proof_fact",
        {
            "id": chance.ids("proof", asked_at),
            "account_ref": some.refs,
            "way": named(chance.one_of(count, (5, 3, 1, 1)), _WAYS),
            "status": named(
                np.where(proved, 0, np.where(failed, 1, 2)), ("matched", "mismatched", "open")
            ),
            "reason": named(
                np.where(failed, chance.one_of(count, (6, 3, 1)), gathering.NOTHING),
                ("no_record", "name_differs", "face_differs"),
            ),
            "created_at": asked_at,
            "decided_at": moments(proved_at, proved | failed),
        },
    )


def accounts(some: People, so_far: Came, orders: Orders, out: Gathered) -> None:
    """The accounts' own rows: with the first of each of their milestones."""
    count = len(some.registered_at)
    firsts = {
        "first_order_at": _first(count, orders, orders.placed_at, orders.placed_at < END),
        "first_paid_at": _first(count, orders, orders.paid_at, orders.paid),
        "first_certificate_at": _first(count, orders, orders.downloaded_at, orders.downloaded),
    }
    out.add(
        "account_fact",
        {
            "account_ref": some.refs,
            "status": "active",
            "registered_at": some.registered_at,
            "proved_at": moments(so_far.proved_at, so_far.proved),
            "joined_at": moments(so_far.joined_at, so_far.joined),
            "onboarded_at": moments(so_far.onboarded_at, so_far.onboarded),
            **firsts,
            "first_invoice_at": pa.nulls(count, pa.int64()),
            "ended_at": pa.nulls(count, pa.int64()),
        },
    )


def _first(count: int, orders: Orders, at: Column, known: Column) -> pa.Array:
    never = np.iinfo(np.int64).max
    found = np.full(count, never)
    np.minimum.at(found, orders.owner[known], at[known])
    return moments(found, found < never)


def besides(chance: Chance, some: People, orders: Orders, out: Gathered) -> None:
    """Seals, contracts, scans and calls of the same people."""
    which = np.flatnonzero(orders.downloaded)
    after = orders.downloaded_at[which]
    seals.lived(chance, orders, which, after, out)
    _contracts(chance, orders, which, after, out)
    _scans(chance, orders, which, after, out)
    _calls(chance, some, out)


def _contracts(chance: Chance, orders: Orders, which: Column, after: Column, out: Gathered) -> None:
    those = np.flatnonzero(chance.happens(len(which), 0.4))
    which, at = which[those], after[those] + chance.wait(len(those), 6 * DAY, 1.2)
    count = len(at)
    first_at = at + chance.wait(count, 3 * HOUR, 1.0)
    second_at = first_at + chance.wait(count, 14 * HOUR, 1.2)
    submitted_at = second_at + chance.wait(count, HOUR, 1.0)
    approved_at = submitted_at + chance.wait(count, 4 * HOUR, 0.9)
    there = at < END
    first = there & chance.happens(count, 0.97) & (first_at < END)
    second = first & chance.happens(count, 0.93) & (second_at < END)
    submitted = second & chance.happens(count, 0.98) & (submitted_at < END)
    approved = submitted & (approved_at < END)
    ids = chance.ids("con", at)
    cases = cases_like(orders, which, "contract", ids)
    for activity, moment, those_ in (
        ("contract.created", at, there),
        ("party.asked:purchaser", at + 10, there),
        ("party.signed:purchaser", first_at, first),
        ("party.asked:supplier", first_at + 10, first),
        ("party.signed:supplier", second_at, second),
        ("contract.submitted", submitted_at, submitted),
        ("case.opened:contract", submitted_at + 30, submitted),
        ("case.approved:contract", approved_at, approved),
        ("contract.passed", approved_at, approved),
    ):
        out.happened(cases, activity, moment, those_)
    out.add(
        "contract_fact",
        {
            "id": ids,
            "number": chance.ids("HT", at),
            "platform_id": named(cases.platform, gathering.PLATFORMS),
            "agency_id": named(cases.agency, gathering.AGENCIES),
            "origin": named(chance.one_of(count, (7, 3)), ("template", "upload")),
            "status": named(
                np.where(approved, 2, np.where(submitted, 1, 0)),
                ("draft", "in_review", "completed"),
            ),
            "version": 1,
            "created_at": at,
            "ended_at": moments(approved_at, approved),
            "signing_order": "any",
            "sign_by": moments(at + 7 * DAY, chance.happens(count, 0.5)),
        },
    )
    _parties(chance, out, ids, at, ((first_at, first), (second_at, second)))


def _parties(
    chance: Chance,
    out: Gathered,
    ids: pa.Array,
    at: Column,
    signed: tuple[tuple[Column, Column], ...],
) -> None:
    """Purchaser and supplier of each contract; `signed`: when, and whether they did."""
    for ordinal, (role, (moment, did)) in enumerate(
        zip(("purchaser", "supplier"), signed, strict=True)
    ):
        out.add(
            "contract_party_fact",
            {
                "id": chance.ids("party", at),
                "contract_id": ids,
                "version": 1,
                "role": role,
                "ordinal": ordinal + 1,
                "status": named(did.astype(np.int32), ("asked", "signed")),
                "asked_at": at,
                "read_at": moments(at + (moment - at) // 2, did),
                "handled_at": moments(moment, did),
            },
        )


def _scans(chance: Chance, orders: Orders, which: Column, after: Column, out: Gathered) -> None:
    at = after + chance.wait(len(which), 2 * DAY, 1.5)
    there = np.flatnonzero(at < END)
    which, at = which[there], at[there]
    count = len(at)
    outcome = chance.one_of(count, (88, 4, 3, 3, 2))
    out.add(
        "ticket_fact",
        {
            "id": chance.ids("tkt", at),
            "purpose": "login",
            "kind": named(chance.one_of(count, (8, 2)), ("platform", "entity")),
            "platform_id": named(orders.cases.platform[which], gathering.PLATFORMS),
            "status": named(outcome, ("consumed", "created", "scanned", "refused", "cancelled")),
            "created_at": at,
            "expires_at": at + 3 * MINUTE,
            "second_scans": (chance.happens(count, 0.02)).astype(np.int64),
            "wrong_numbers": (chance.happens(count, 0.02)).astype(np.int64),
            "certificate_id": pa.nulls(count, pa.string()),
            "result": pa.nulls(count, pa.string()),
        },
    )


def _calls(chance: Chance, some: People, out: Gathered) -> None:
    those = np.flatnonzero(chance.happens(len(some.registered_at), 0.08))
    at = some.registered_at[those] + chance.wait(len(those), 4 * DAY, 1.0)
    soon = at < END
    those, at = those[soon], at[soon]
    count = len(at)
    out.add(
        "call_fact",
        {
            "id": chance.ids("call", at),
            "account_id": named(np.full(count, gathering.NOTHING), ("",)),
            "way": "phone",
            "status": "logged",
            "matters": named(
                chance.one_of(count, (4, 3, 2, 1)),
                (
                    "[]",
                    '[{"code": "order_waits"}]',
                    '[{"code": "invoice_waits"}]',
                    '[{"code": "case_open"}]',
                ),
            ),
            "urged": named(chance.one_of(count, (9, 1)), ("[]", '["case"]')),
            "began_at": at,
            "logged_at": at + chance.wait(count, 4 * MINUTE, 0.6),
        },
    )
