"""The same questions as the reports', answered without them: in pandas, from the same tables.

The tests hold each report against its answer here to the last digit; the benchmark holds its time.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tools.benchmarking.answers import (
    certificates,
    days,
    desk,
    invoices,
    orders,
    papers,
    process,
    reviews,
)
from tools.benchmarking.answers.frames import Asked, Frames

ANSWERS: dict[str, Callable[[Frames, Asked], pd.DataFrame]] = {
    "orders": orders.orders,
    "order_steps": orders.order_steps,
    "refunds": orders.refunds,
    "reviews": reviews.reviews,
    "backlog": reviews.backlog,
    "reasons": reviews.reasons,
    "rework": reviews.rework,
    "samples": reviews.samples,
    "invoices": invoices.invoices,
    "invoice_ageing": invoices.invoice_ageing,
    "red_letters": invoices.red_letters,
    "tax": invoices.tax,
    "process_map": process.process_map,
    "variants": process.variants,
    "funnel": process.funnel,
    "cohorts": process.cohorts,
    "people": days.people,
    "real_names": days.real_names,
    "money": days.money,
    "calls": days.calls,
    "turnaround": days.turnaround,
    "certificates": certificates.certificates,
    "renewals": certificates.renewals,
    "revocations": certificates.revocations,
    "pins": certificates.pins,
    "scan_logins": certificates.scan_logins,
    "bindings": certificates.bindings,
    "contracts": papers.contracts,
    "contract_parties": papers.contract_parties,
    "seals": papers.seals,
    "seal_rejections": papers.seal_rejections,
    "files": papers.files,
    "bulk_acts": desk.bulk_acts,
    "bulk_items": desk.bulk_items,
    "incidents": desk.incidents,
    "issuing_stops": desk.issuing_stops,
    "deliveries": desk.deliveries,
    "reveals": desk.reveals,
}
