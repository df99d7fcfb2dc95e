"""What this stage asks of the tax service: the list of a day."""

from __future__ import annotations

from engine.kernel import actors, jobs, ports
from engine.kernel.reader import Reader
from engine.reconciling import actions, model


def _awaited(q: Reader, tax_list_id: str) -> model.TaxList:
    return q.get(model.TaxList, "tax_list", tax_list_id)


def take_tax_list(context: ports.JobContext, job: jobs.Job) -> None:
    """Take the tax service's list of a business date and compare it."""
    system = actors.System(job="take_tax_list")
    awaited = context.engine.ask(_awaited, system, job.subject)
    if awaited.status is not model.TaxListStatus.AWAITED:
        return
    entries = tuple(context.ports.tax.list_of(awaited.business_date))
    context.engine.perform(
        actions.record_tax_list,
        {"tax_list_id": awaited.id, "entries": entries},
        actor=system,
        key=job.key,
    )
