"""Whose figures a member of staff may see: a report's filters, narrowed to the scope of their grants."""

from __future__ import annotations

import dataclasses

from engine.kernel import actors, errors
from engine.reports.catalog import Report
from engine.reports.filters import Filters
from engine.staffing.model import Right

_FIELDS = {"platform": "platforms", "agency": "agencies"}


class ReportBeyondScope(errors.NotPermitted):
    """“{report}” cannot be limited to what your role covers. Ask somebody whose role covers everything."""


class FilterBeyondScope(errors.NotPermitted):
    """Your role does not cover “{value}”. Choose what it covers, or leave the filter empty."""


def covered(staff: actors.Staff) -> dict[str, tuple[str, ...]] | None:
    """By the name of a filter's field what a role for reports covers; None where it covers everything.

    Who may see the reports of a platform and those of a CA sees what belongs to both.
    """
    held = [grant for grant in staff.grants if Right.REPORT.value in grant.rights]
    if any(grant.scope_kind == "all" for grant in held):
        return None
    return {
        field: tuple(sorted({one.scope_id for one in held if one.scope_kind == kind}))
        for kind, field in _FIELDS.items()
    }


def narrowed(staff: actors.Staff, report: Report, filters: Filters) -> Filters:
    """The filters, no wider than what the member of staff may see.

    Raises: ReportBeyondScope, FilterBeyondScope.
    """
    limits = covered(staff)
    if limits is None:
        return filters
    given = {field: ids for field, ids in limits.items() if ids}
    if not given or not given.keys() <= report.parameters:
        raise ReportBeyondScope(report=report.name)
    for field, ids in given.items():
        if beyond := [one for one in getattr(filters, field) if one not in ids]:
            raise FilterBeyondScope(value=beyond[0])
    return dataclasses.replace(
        filters,
        platforms=filters.platforms or given.get("platforms", ()),
        agencies=filters.agencies or given.get("agencies", ()),
    )
