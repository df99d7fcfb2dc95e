"""Contracts, their parties, seals and files, once more in pandas."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from tools.benchmarking.answers.certificates import moment_of
from tools.benchmarking.answers.frames import (
    HOUR,
    Asked,
    Frames,
    finished,
    limited,
    period,
    rounded,
    within,
)


def contracts(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How the contracts of each day stand, and how long signing took."""
    moment = moment_of(frames, asked)
    some = frames.of("contract_fact", "id platform_id origin status version created_at sign_by")
    some = some[(some["created_at"] >= asked.from_ms) & (some["created_at"] < moment)]
    some = limited(some, asked, "platforms")
    party = frames.of("contract_party_fact", "contract_id version status asked_at handled_at")
    did = party["status"] == "signed"
    signed = (
        party.assign(did=did, last=party["handled_at"].where(did))
        .groupby(["contract_id", "version"], observed=True)
        .agg(
            parties=("did", "size"),
            signed=("did", "sum"),
            begun=("asked_at", "min"),
            last=("last", "max"),
        )
        .reset_index()
    )
    some = some.merge(signed, left_on=["id", "version"], right_on=["contract_id", "version"])
    whole = some["signed"] == some["parties"]
    status = some["status"].astype(object)
    outcome = np.select(
        [status != "draft", whole, some["sign_by"] <= moment],
        [status, "to_submit", "overdue"],
        "being_signed",
    )
    keys = ["day", "platform", "origin", "outcome"]
    groups = some.assign(
        day=period(some["created_at"], "day"),
        platform=some["platform_id"],
        outcome=outcome,
        revised=some["version"] - 1,
        hours=((some["last"] - some["begun"]) / HOUR).where(whole),
    ).groupby(keys, observed=True, dropna=False)
    found = groups.agg(contracts=("revised", "size"), revisions=("revised", "sum"))
    times = groups["hours"].quantile([0.5, 0.9]).unstack()
    found["signed_p50_h"] = rounded(times[0.5], 2) if len(times) else None
    found["signed_p90_h"] = rounded(times[0.9], 2) if len(times) else None
    return finished(
        found, keys, "day platform origin outcome contracts revisions signed_p50_h signed_p90_h"
    )


def contract_parties(frames: Frames, asked: Asked) -> pd.DataFrame:
    """What those who were asked to sign did, and how fast."""
    moment = moment_of(frames, asked)
    party = frames.of(
        "contract_party_fact", "contract_id version role status asked_at read_at handled_at"
    )
    party = party[(party["asked_at"] >= asked.from_ms) & (party["asked_at"] < moment)]
    contract = frames.of("contract_fact", "id platform_id status version sign_by").rename(
        columns={"status": "stands", "version": "newest"}
    )
    some = party.merge(contract, left_on="contract_id", right_on="id")
    some = limited(some, asked, "platforms")
    status = some["status"].astype(object)
    outcome = np.select(
        [
            status == "signed",
            status == "declined",
            (some["newest"] > some["version"]) | (some["stands"].astype(object) != "draft"),
            some["sign_by"] <= moment,
        ],
        ["signed", "declined", "ended", "overdue"],
        "waiting",
    )
    role = some["role"].astype(object)
    keys = ["day", "platform", "role", "outcome"]
    groups = pd.DataFrame(
        {
            "day": period(some["asked_at"], "day"),
            "platform": some["platform_id"],
            "role": role.where(role.isin(["purchaser", "supplier"]), "other"),
            "outcome": outcome,
            "asked": 1,
            "were_read": some["read_at"].notna(),
            "read": (some["read_at"] - some["asked_at"]).clip(lower=0) / HOUR,
            "hours": ((some["handled_at"] - some["asked_at"]) / HOUR).where(status == "signed"),
        }
    ).groupby(keys, observed=True, dropna=False)
    found = groups[["asked", "were_read"]].sum()
    found["read_p50_h"] = rounded(groups["read"].median(), 2)
    times = groups["hours"].quantile([0.5, 0.9]).unstack()
    found["signed_p50_h"] = rounded(times[0.5], 2) if len(times) else None
    found["signed_p90_h"] = rounded(times[0.9], 2) if len(times) else None
    return finished(
        found,
        keys,
        "day platform role outcome asked were_read read_p50_h signed_p50_h signed_p90_h",
    )


def seals(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many seals of each kind were asked for, made, used and ended on each day."""
    told = frames.of("event_fact", "occurred_at kind subject")
    told = told[within(told["occurred_at"], asked)]
    application = frames.of("seal_application_fact", "id kind strokes_blob_id created_at")
    seal = frames.of("seal_fact", "id application_id kind")
    seal = seal.merge(
        application[["id", "created_at"]],
        left_on="application_id",
        right_on="id",
        suffixes=("", "_"),
    )
    parts = []
    for owner, kinds in (
        (application, ("applied_for", "rejected")),
        (seal, ("made", "used", "deleted", "replaced")),
    ):
        some = told[told["kind"].isin([f"seal.{kind}" for kind in kinds])]
        rows = some.rename(columns={"kind": "what"}).merge(owner, left_on="subject", right_on="id")
        what = rows["what"].astype(object)
        if owner is application:
            written = rows["strokes_blob_id"].notna() & (what == "seal.applied_for")
            what = what.where(~written, "seal.written")
        parts.append(
            pd.DataFrame(
                {
                    "moment": rows["occurred_at"],
                    "seal_kind": rows["kind"].astype(object),
                    "what": what,
                    "hours": (rows["occurred_at"] - rows["created_at"]) / HOUR,
                }
            )
        )
    rows = pd.concat(parts, ignore_index=True)
    names = {
        "seals_applied_for": "applied_for",
        "seals_written": "written",
        "seals_made": "made",
        "seals_rejected": "rejected",
        "seal_uses": "used",
        "seals_replaced": "replaced",
        "seals_deleted": "deleted",
    }
    rows = rows.assign(
        day=period(rows["moment"], "day"),
        making=rows["hours"].where(rows["what"] == "seal.made"),
        **{name: rows["what"] == f"seal.{what}" for name, what in names.items()},
    )
    groups = rows.groupby(["day", "seal_kind"], observed=True, dropna=False)
    found = groups[list(names)].sum()
    found["hours_to_make"] = rounded(groups["making"].median(), 1)
    return finished(found, ["day", "seal_kind"], f"day seal_kind {' '.join(names)} hours_to_make")


def seal_rejections(frames: Frames, asked: Asked) -> pd.DataFrame:
    """Why applications for seals were rejected on each day."""
    cases = frames.of("review_task", "kind status sample_of decided_at reasons subject_id")
    cases = cases[
        cases["kind"].isin(["seal", "seal_making"])
        & (cases["status"] == "rejected")
        & cases["sample_of"].isna()
        & within(cases["decided_at"], asked)
    ]
    kind = frames.of("seal_application_fact", "id kind").set_index("id")["kind"].astype(object)
    cases = cases[cases["subject_id"].isin(kind.index)]
    keys = ["day", "seal_kind", "rejected_for"]
    rows = cases.assign(
        day=period(cases["decided_at"], "day"),
        seal_kind=cases["subject_id"].map(kind),
        rejected_for=[json.loads(text) for text in cases["reasons"]],
    )
    found = rows.explode("rejected_for").dropna(subset="rejected_for")
    return finished(
        found.groupby(keys, observed=True).size().to_frame("rejections"),
        keys,
        "day seal_kind rejected_for rejections",
    )


def files(frames: Frames, asked: Asked) -> pd.DataFrame:
    """How many files were made and opened of those asked for on each day, and which nobody can open."""
    some = frames.of("file_fact", "id platform_id status size created_at")
    some = limited(some[within(some["created_at"], asked)], asked, "platforms")
    opening = frames.of("file_opening_fact", "file_id status")
    opening = opening[opening["file_id"].notna()]
    opened = opening["file_id"][opening["status"].isin(["taken", "read"])].value_counts()
    damaged = opening["file_id"][opening["status"] == "damaged"].value_counts()
    recipient = frames.of("file_recipient_fact", "file_id certificate_id")
    certificate = frames.of("certificate_fact", "id status")
    living = certificate["id"][certificate["status"] == "active"]
    openable = recipient["file_id"][recipient["certificate_id"].isin(living)]
    made = some["status"] == "made"
    openings = some["id"].map(opened).fillna(0)
    found = (
        pd.DataFrame(
            {
                "day": period(some["created_at"], "day"),
                "platform": some["platform_id"],
                "asked": 1,
                "made": made,
                "not_finished": ~made,
                "megabytes": rounded(some["size"] / 1048576, 3).where(made, 0),
                "opened": openings > 0,
                "openings": openings,
                "damaged": some["id"].map(damaged).fillna(0),
                "stranded": made & ~some["id"].isin(openable),
            }
        )
        .groupby(["day", "platform"], observed=True, dropna=False)
        .sum()
    )
    found["megabytes"] = rounded(found["megabytes"], 1)
    return finished(
        found,
        ["day", "platform"],
        "day platform asked made not_finished megabytes opened openings damaged stranded",
    )
