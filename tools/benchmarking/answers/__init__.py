"""The same questions as the reports', answered without them: in pandas, from the same tables.

The tests hold each report against its answer here to the last digit; the benchmark holds its time.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tools.benchmarking.answers import invoices, orders, process, reviews
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
}
