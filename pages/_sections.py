"""The console's screens in business order: file, title, and the rights of which one opens it.

A screen without rights is everybody's.
"""

from __future__ import annotations

from engine.bulk.acts import ACTS as BULK_ACTS
from engine.reviewing.model import RIGHT_FOR
from engine.staffing.model import Right

# Screens that are come to from others: one record, by its id.
UNLISTED = frozenset({"record"})
_REVIEWS: tuple[Right, ...] = tuple(dict.fromkeys(RIGHT_FOR.values()))
# What is done to many cases is for who works at the desk; the other acts are for who may do them.
BULK: tuple[Right, ...] = tuple(
    dict.fromkeys(
        (
            *_REVIEWS,
            *(r for act in BULK_ACTS.values() if act.target != "case" for r in act.rights),
            Right.AUDIT,
        )
    )
)
SECTIONS: tuple[tuple[str, tuple[tuple[str, str, tuple[Right, ...]], ...]], ...] = (
    ("Overview", (("overview", "Overview", ()),)),
    (
        "Review",
        (
            (
                "desk",
                "Review desk",
                _REVIEWS,
            ),
            (
                "board",
                "Board",
                (*_REVIEWS, Right.MANAGE_STAFF),
            ),
            ("bulk", "Bulk", BULK),
            ("handover", "Shift handover", _REVIEWS),
            ("second_looks", "Second looks", (Right.LEAD_REVIEWS,)),
            ("calls", "Calls", (Right.ANSWER_CALLS,)),
            ("money", "Money", (Right.FINANCE,)),
            ("invoices", "Invoices and post", (Right.FINANCE,)),
        ),
    ),
    (
        "Records",
        (
            ("search", "Search", (Right.LOOK_UP,)),
            ("records", "Records", (Right.LOOK_UP,)),
            ("record", "Record", (Right.LOOK_UP,)),
            ("archives", "Archive of ended accounts", (Right.MANAGE_ACCOUNTS,)),
        ),
    ),
    (
        "Platform",
        (
            ("settings", "Platforms and settings", (Right.MANAGE_SETTINGS,)),
            ("jobs", "Stuck jobs", (Right.MANAGE_SETTINGS,)),
            ("staff", "Staff and roles", (Right.MANAGE_STAFF,)),
            ("machines", "Machines and webhooks", (Right.MANAGE_MACHINES, Right.AUDIT)),
        ),
    ),
    (
        "Demo",
        (
            ("side_by_side", "Phone beside PC", (Right.DEMO, Right.SIMULATE)),
            ("demo", "Demonstrations", (Right.DEMO, Right.SIMULATE)),
            ("attacks", "Attack lab", (Right.DEMO, Right.SIMULATE)),
            ("guide", "The guide, live", (Right.DEMO, Right.SIMULATE)),
            ("sms_outbox", "SMS outbox", (Right.DEMO, Right.SIMULATE)),
            ("sandbox", "Outside parties and test values", (Right.DEMO, Right.SIMULATE)),
            ("time_travel", "Clock", (Right.DEMO, Right.SIMULATE)),
            ("faults", "Trouble of outside parties", (Right.DEMO,)),
        ),
    ),
    (
        "Simulation",
        (
            ("simulation_scenarios", "Scenarios", (Right.SIMULATE,)),
            ("simulation_runs", "Runs", (Right.SIMULATE,)),
            ("simulation_run", "Live board", (Right.SIMULATE,)),
            ("simulation_compare", "Compare runs", (Right.SIMULATE,)),
            ("simulation_staffing", "Staffing", (Right.SIMULATE,)),
            ("simulation_states", "States on demand", (Right.SIMULATE, Right.DEMO)),
        ),
    ),
    (
        "Reports",
        (
            ("reports_definitions", "Definitions", (Right.REPORT,)),
            ("reports_people", "People", (Right.REPORT,)),
            ("reports_real_names", "Real-name proofs", (Right.REPORT,)),
            ("reports_orders", "Orders", (Right.REPORT,)),
            ("reports_certificates", "Certificates and bindings", (Right.REPORT,)),
            ("reports_contracts", "Contracts", (Right.REPORT,)),
            ("reports_seals", "Seals", (Right.REPORT,)),
            ("reports_reviews", "Reviews", (Right.REPORT,)),
            ("reports_samples", "Agreement of second looks", (Right.REPORT,)),
            ("reports_invoices", "Invoices", (Right.REPORT,)),
            ("reports_calls", "Calls", (Right.REPORT,)),
            ("reports_desk", "Desk and operations", (Right.REPORT,)),
            ("reports_money", "Money", (Right.REPORT,)),
            ("reports_process", "Process", (Right.REPORT,)),
            ("reports_funnel", "Funnel", (Right.REPORT,)),
            ("reports_cohorts", "Cohorts", (Right.REPORT,)),
            ("own_sql", "Own SQL", (Right.OWN_SQL,)),
        ),
    ),
    (
        "Trust",
        (
            ("verify", "Verify a document", ()),
            ("pki", "PKI status", ()),
            ("log", "Event log", (Right.AUDIT,)),
            ("incidents", "Incidents", ()),
        ),
    ),
    ("You", (("my_account", "My account", ()),)),
)
