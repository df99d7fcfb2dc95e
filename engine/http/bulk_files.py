"""The items of a bulk act as a file for the staff, CSV or XLSX: each with what came of it, in words."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from engine import boot
from engine.bulk import queries, wording
from engine.http import report_files
from engine.kernel import actors, texts
from engine.records.wording import in_shanghai
from engine.reports.catalog import Answer

_ENDINGS = ("csv", "xlsx")
_PAGE = 500


async def download(request: Request) -> Response:
    """GET /w/<world>/bulk/<bulk act>.<ending>, for who may see it; `lang`."""
    ending, bulk_id = request.path_params["ending"], request.path_params["bulk"]
    language = "en" if request.query_params.get("lang") == "en" else texts.DEFAULT
    return await report_files.served(
        request,
        _ENDINGS,
        lambda world, staff: (bulk_id, _made(world, staff, bulk_id, ending, language)),
    )


def _made(
    world: boot.World, staff: actors.Staff, bulk_id: str, ending: str, language: str
) -> bytes:
    rows: list[tuple[int | str, ...]] = []
    after = -1
    while True:
        part = world.engine.ask(queries.items, staff, bulk_id=bulk_id, after=after, limit=_PAGE)
        rows += [
            wording.cells(one, part.titles.get(one.item_id, ""), language, _when)
            for one in part.items
        ]
        after = part.following
        if after < 0:
            break
    answer = Answer(columns=wording.headings(language), rows=tuple(rows))
    return report_files.written(answer, ending, {})


def _when(at_ms: int | None) -> str:
    return "" if at_ms is None else in_shanghai(at_ms)
