"""A list of records as a file for the staff, CSV or XLSX: what the list shows, masked as there.

The route looks at who asks, as the page does: the right to look records up, within the scope of the role.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from engine import boot
from engine.http import report_files
from engine.kernel import actors, errors, texts
from engine.records import queries, wording
from engine.reports.catalog import Answer

_ENDINGS = ("csv", "xlsx")
_MOST, _PAGE = 50_000, 500


class TooManyRecords(errors.PolicyRefused):
    """A file holds {most} records at most. Narrow the list by state or by days."""


async def download(request: Request) -> Response:
    """GET /w/<world>/records/<kind>.<ending>: the filters of the page's address, and `lang`."""
    kind, ending = request.path_params["kind"], request.path_params["ending"]
    query = dict(request.query_params)
    return await report_files.served(
        request, _ENDINGS, lambda world, staff: (kind, _made(world, staff, kind, ending, query))
    )


def _made(
    world: boot.World, staff: actors.Staff, kind: str, ending: str, query: Mapping[str, str]
) -> bytes:
    language = "en" if query.get("lang") == "en" else texts.DEFAULT
    wanted = wording.wanted_of(kind, query)
    rows: list[tuple[object, ...]] = []
    after = ""
    while True:
        page = world.engine.ask(queries.listed, staff, wanted, after=after, limit=_PAGE)
        rows += [wording.cells(row, language) for row in page.rows]
        if len(rows) > _MOST:
            raise TooManyRecords(most=_MOST)
        after = page.following
        if not after:
            break
    answer = Answer(columns=wording.headings(page, language), rows=tuple(rows))
    return report_files.written(answer, ending, {})
