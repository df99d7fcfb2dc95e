"""Papers from templates: typst, one kept compiler per template, equal data gives equal bytes.

A template reads its data as JSON; texts arrive as texts and are never typst source. Every `x_fen`
gains `x_figures` and `x_capitals` beside it, so that words and figures cannot differ, and
`qr_text` becomes the code itself. The document's date is `issued_at` of the data. PDF/A rests on
typst's own export checks (no veraPDF can be had here).
"""

from __future__ import annotations

import datetime
import functools
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import qrcode
import typst

from engine.kernel import catalog, errors
from engine.pdf import amounts, fonts

TEMPLATES = catalog.DATA / "templates"


class UnknownTemplate(errors.NotFound):
    """There is no template {template}."""


class TemplateDataWrong(errors.InvalidInput):
    """The document {template} cannot be made from this data: {problem}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """A box on a page: pages count from 1 (-1 is the last), millimetres from the top left corner."""

    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


# Where contract.typ leaves room for the two round seals (42 mm), over the names of the parties.
CONTRACT_PARTY_A = Placement(page=-1, x_mm=44, y_mm=207, width_mm=42, height_mm=42)
CONTRACT_PARTY_B = Placement(page=-1, x_mm=124, y_mm=207, width_mm=42, height_mm=42)
# The parties' blocks stand in two columns, the last row at the foot of the last page.
_CONTRACT_ROW_MM = 62


def contract_place(index: int, count: int) -> Placement:
    """Where contract.typ leaves room for the seal of the party at `index` of `count`, in its own order."""
    column = (CONTRACT_PARTY_A, CONTRACT_PARTY_B)[index % 2]
    rows_below = (count - 1) // 2 - index // 2
    return replace(column, y_mm=column.y_mm - _CONTRACT_ROW_MM * rows_below)


# The dashed box of seal_application.typ.
APPLICATION_STAMP = Placement(page=1, x_mm=70, y_mm=167, width_mm=70, height_mm=70)


class _Compiler:
    """One typst compiler of one template; typst's caches inside it make repeats cheap."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        # The stubs of typst fix the standards to literals and do not know one-document results.
        self._compiler: Any = typst.Compiler(
            str(path),
            root=str(path.parent),
            font_paths=[str(fonts.folder())],
            ignore_system_fonts=True,
        )

    def compile(self, inputs: dict[str, str], standard: str, moment: datetime.datetime) -> bytes:
        with self._lock:
            return bytes(
                self._compiler.compile(
                    format="pdf", sys_inputs=inputs, pdf_standards=standard, timestamp=moment
                )
            )


@functools.lru_cache(maxsize=32)
def _compiler(template: str) -> _Compiler:
    path = TEMPLATES / f"{template}.typ"
    if not template.isidentifier() or not path.is_file():
        raise UnknownTemplate(template=template)
    return _Compiler(path)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _with_money(value: Any) -> Any:
    """`value` with figures and capitals beside every amount in fen."""
    if isinstance(value, Mapping):
        made: dict[str, Any] = {}
        for key, item in value.items():
            made[key] = _with_money(item)
            if key.endswith("_fen") and type(item) is int:
                stem = key.removesuffix("_fen")
                made[f"{stem}_figures"] = amounts.figures(item)
                made[f"{stem}_capitals"] = amounts.capitals(item)
        return made
    if isinstance(value, list | tuple):
        return [_with_money(item) for item in value]
    return value


def qr_svg(text: str) -> str:
    """The QR code of `text` (level M, quiet zone of 2) as one SVG path."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path d="{path}"/></svg>'
    )


def inputs(data: Mapping[str, Any]) -> dict[str, str]:
    """What a template is handed: the data with its amounts in words and its code drawn, as JSON."""
    made = _with_money(data)
    if "qr_text" in data:
        made["qr_svg"] = qr_svg(str(data["qr_text"]))
    return {"data": json.dumps(made, ensure_ascii=False, sort_keys=True)}


def render(template: str, data: Mapping[str, Any], *, standard: str = "a-2b") -> bytes:
    """The PDF of `data/templates/<template>.typ`; equal data gives equal bytes.

    `data` holds `issued_at` (UTC ms) and what the head of the template lists; money as `x_fen`.
    Raises: UnknownTemplate; CharacterNotDrawable; TemplateDataWrong for a missing key.
    """
    compiler = _compiler(template)
    for text in _texts({key: item for key, item in data.items() if key != "qr_text"}):
        fonts.require_drawable(text)
    if type(data.get("issued_at")) is not int:
        raise TemplateDataWrong(template=template, problem="issued_at")
    moment = datetime.datetime.fromtimestamp(data["issued_at"] // 1000, tz=datetime.UTC)
    try:
        return compiler.compile(inputs(data), standard, moment)
    except typst.TypstError as problem:
        raise TemplateDataWrong(template=template, problem=str(problem).strip()) from problem
