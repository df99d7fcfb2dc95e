"""Reports as files for the staff: CSV, XLSX and Parquet, of the figures or of the cases behind one of them.

The route looks at who asks, as the pages do: the right to reports, and the scope of the role.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.http import api, looked_at, pace
from engine.http.problems import problem, unexpected
from engine.kernel import actors, clock, errors, texts
from engine.reports import behind, catalog, current, exports, filters, scope
from engine.reports.catalog import Answer, Report
from engine.staffing import queries as staffing
from engine.staffing.model import Right

PACE = pace.Pace(each_minute={"address": 60, "browser": 30})
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}


class RowWrong(errors.InvalidInput):
    """“{value}” names no row of the report. Open the cases from the report's page."""


async def served(
    request: Request,
    endings: Container[str],
    make: Callable[[boot.World, actors.Staff], tuple[str, bytes]],
) -> Response:
    """A file that staff take along, of one of these endings: `make` gives its name and its content.

    Who asks is looked at and counted first; what `make` refuses is told as a problem.
    """
    ending = request.path_params["ending"]
    if ending not in endings:
        return PlainTextResponse("Not found", 404)
    found = looked_at.for_staff(request)
    if isinstance(found, Response):
        return found
    staff, world = found
    try:
        PACE.count(api.source_of(request))
        name, content = await run_in_threadpool(make, world, staff)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001 the last handler
        return unexpected(request)
    told = {"content-disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, media_type=MEDIA_TYPES[ending], headers=HEADERS | told)


async def download(request: Request) -> Response:
    """GET /w/<world>/reports/<name>.<ending>: the page's filters, `by`, `levels`, `row` and `figure`."""
    name, ending = request.path_params["report"], request.path_params["ending"]
    query = dict(request.query_params)
    return await served(
        request, MEDIA_TYPES, lambda world, staff: _made(world, staff, name, ending, query)
    )


def _row(text: str) -> dict[str, Any]:
    """The keys of the row whose cases are asked for.

    Raises: RowWrong.
    """
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise RowWrong(field="row", value=text[:40]) from wrong
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise RowWrong(field="row", value=text[:40])
    return found


def _made(
    world: boot.World, staff: actors.Staff, name: str, ending: str, query: Mapping[str, str]
) -> tuple[str, bytes]:
    if not staffing.has(staff, Right.REPORT, anywhere=True):
        raise staffing.MayNot(right=Right.REPORT.value)
    report = catalog.load(name)
    wanted = scope.narrowed(staff, report, filters.parse(query))
    levels = None
    if "levels" in query:
        levels = tuple(one for one in query["levels"].split(",") if one)
    by = query.get("by", "")
    with current.copy_of(world.engine, world.path, wanted.run) as (copy, known):
        if "row" in query:
            figure = query.get("figure", "")
            answer = behind.cases(
                copy, report, wanted, row=_row(query["row"]), figure=figure, by=by, levels=levels
            )
            name = f"{name}-cases"
        else:
            answer = catalog.ask(copy, report, wanted, by=by, levels=levels)
    about = _about(report, query, answer, known.occurred_at)
    return name, written(answer, ending, about)


def _about(
    report: Report, query: Mapping[str, str], answer: Answer, occurred_at: int
) -> dict[str, str]:
    """What a file is about: the question, its definition, what it was limited to, what its columns are."""
    language = "en" if query.get("lang") == "en" else texts.DEFAULT
    names = (*filters.NAMES, "by", "levels", "row", "figure")
    limits = {name: query[name] for name in names if query.get(name)}
    return {
        **{
            part: report.text(part, language)
            for part in ("title", "question", "unit", "definition")
        },
        **{f"limited: {name}": text for name, text in limits.items()},
        "up to": clock.to_datetime(occurred_at)
        .astimezone(clock.SHANGHAI)
        .isoformat(" ", "seconds"),
        **{f"column: {one}": texts.of_code(f"report.{one}", language) for one in answer.columns},
    }


def written(answer: Answer, ending: str, about: Mapping[str, str]) -> bytes:
    """An answer as a file of this kind."""
    if ending == "xlsx":
        return exports.to_xlsx(answer, about=about)
    if ending == "parquet":
        return exports.to_parquet(answer, about=about)
    # With a mark, so that a spreadsheet reads it as UTF-8.
    return exports.to_csv(answer).encode("utf-8-sig")
