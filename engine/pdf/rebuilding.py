"""A PDF that is going to be signed, made anew: what is seen stays, what could change it goes.

`intake` says what may come in at all. What ordinary office documents carry beside their pages (links, an
action on opening, filled-in forms, comments, layers) is taken out or drawn into the pages for good, and
told, because the uploader has to agree to it. Objects that nothing refers to are gone with it: they are
what hide-and-replace attacks live on (`security.md` 3.6). Pages must look the same before and after, or
the document is refused.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from engine.kernel import errors
from engine.pdf import intake, pixels

# What `intake` refuses elsewhere and is removed here.
REMOVED = frozenset({"/OpenAction", "/AA", "/URI", "/GoToR"})
# What the uploader has to agree to: something that could be used or seen is not there as it was.
TOLD = ("links", "fields", "comments", "layers", "fonts")
_ROOT_KEYS = (
    *("/OpenAction", "/AA", "/AcroForm", "/URI", "/Threads", "/PieceInfo", "/Metadata"),
    *("/SpiderInfo", "/Requirements", "/Collection", "/Perms", "/Legal", "/DSS", "/OCProperties"),
)
_PAGE_KEYS = ("/AA", "/Annots", "/B", "/PieceInfo", "/Metadata", "/Thumb", "/Trans", "/Dur")
_HIDDEN_FLAGS = 1 | 2 | 32
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
_MOST_OUTLINES = 20_000
_MOST_NAMES = 12


class SignedUpload(errors.InvalidInput):
    """This PDF carries signatures already. Upload the unsigned document."""


class HiddenLayers(errors.InvalidInput):
    """This PDF has layers that are switched off, so that readers may see different things. Print it to a new PDF and upload that."""  # noqa: E501


class FormNotDrawn(errors.InvalidInput):
    """Fields of this PDF are filled in but not drawn. Print it to a new PDF and upload that."""


class LooksOtherwise(errors.InvalidInput):
    """Page {page} would look different once comments and fields are made part of it. Print it to a new PDF and upload that."""  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was taken out, drawn into the pages, or cannot be vouched for: how much, and its names."""

    code: str
    count: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """A document that can be signed; `findings` are what its uploader agrees to."""

    content: bytes
    pages: int
    findings: tuple[Finding, ...] = ()


def rebuild(content: bytes) -> Rebuilt:
    """The document made anew; equal bytes give equal bytes.

    Raises: SignedUpload, HiddenLayers, FormNotDrawn, LooksOtherwise, and the refusals of `intake`.
    """
    facts = intake.inspect(content, tolerated=REMOVED)
    if facts.has_signatures:
        raise SignedUpload
    found: Counter[str] = Counter()
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            fonts = sorted(set(_foreign_fonts(pdf)))
            _settle_layers(pdf, found)
            _settle_annotations(pdf, found)
            _strip(pdf)
            made = _saved(pdf)
    except errors.EngineError:
        raise
    except Exception as problem:
        raise intake.BrokenPdf from problem
    if fonts:
        found["fonts"] = len(fonts)
    # Nothing active may have come through, and nothing that is seen may have changed.
    pages = intake.inspect(made).pages
    differing = pixels.compare(content, made, {}).differing
    if differing:
        raise LooksOtherwise(page=differing[0])
    return Rebuilt(
        content=made,
        pages=pages,
        findings=tuple(
            Finding(
                code=code,
                count=found[code],
                names=tuple(fonts[:_MOST_NAMES]) if code == "fonts" else (),
            )
            for code in TOLD
            if found[code]
        ),
    )


def joined(document: bytes, further: bytes) -> bytes:
    """A document with the pages of another one behind its own. Equal input gives equal bytes."""
    with pikepdf.open(io.BytesIO(document)) as pdf, pikepdf.open(io.BytesIO(further)) as more:
        pdf.pages.extend(more.pages)
        return _saved(pdf)


def _settle_layers(pdf: pikepdf.Pdf, found: Counter[str]) -> None:
    """Layers that everybody sees become part of the pages.

    Raises: HiddenLayers when one is off.
    """
    layers: Any = pdf.Root.get("/OCProperties")
    if layers is None:
        return
    shown: Any = layers.get("/D", pikepdf.Dictionary())
    if len(shown.get("/OFF", [])) or str(shown.get("/BaseState", "/ON")) != "/ON":
        raise HiddenLayers
    found["layers"] = len(layers.get("/OCGs", []))


def _annotations(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        for one in page.get("/Annots", []):
            if isinstance(one, pikepdf.Dictionary):
                yield one


def _settle_annotations(pdf: pikepdf.Pdf, found: Counter[str]) -> None:
    """Fields and comments are drawn into their pages; links go.

    Raises: FormNotDrawn.
    """
    every = list(_annotations(pdf))
    form: Any = pdf.Root.get("/AcroForm")
    drawn_by_viewer = form is not None and bool(form.get("/NeedAppearances", False))
    for one in every:
        kind = str(one.get("/Subtype", ""))
        if kind == "/Widget":
            found["fields"] += 1
            hidden = int(one.get("/F", 0)) & _HIDDEN_FLAGS
            if not hidden and _has_value(one) and (drawn_by_viewer or "/AP" not in one):
                raise FormNotDrawn
        elif kind == "/Link":
            found["links"] += 1
        elif kind != "/Popup":
            found["comments"] += 1
    pdf.flatten_annotations("screen")
    for page in pdf.pages:
        for key in _PAGE_KEYS:
            if key in page:
                del page[key]
    # A tagged document still refers to them: nothing may be left in what it refers to.
    for one in every:
        for key in list(one.keys()):
            del one[key]


def _has_value(widget: Any) -> bool:
    node: Any = widget
    for _ in range(16):
        if "/V" in node:
            return str(node.get("/FT", "")) != "/Btn" and bool(str(node.V))
        if "/Parent" not in node:
            return False
        node = node.Parent
    return False


def _strip(pdf: pikepdf.Pdf) -> None:
    root: Any = pdf.Root
    for key in _ROOT_KEYS:
        if key in root:
            del root[key]
    names: Any = root.get("/Names")
    if names is not None:
        for key in list(names.keys()):
            if key != "/Dests":
                del names[key]
    for item in _outline_items(root.get("/Outlines")):
        if "/A" in item and str(item.A.get("/S", "")) != "/GoTo":
            del item["/A"]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]


def _outline_items(outlines: Any) -> Iterator[Any]:
    waiting = [] if outlines is None or "/First" not in outlines else [outlines.First]
    for _ in range(_MOST_OUTLINES):
        if not waiting:
            return
        item = waiting.pop()
        yield item
        waiting += [item[key] for key in ("/First", "/Next") if key in item]
    raise intake.BrokenPdf


def _foreign_fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Names of the faces that the document uses without bringing them along."""
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary) or one.get("/Type") != pikepdf.Name.Font:
            continue
        kind = str(one.get("/Subtype", ""))
        if kind in ("/Type0", "/Type3"):
            continue
        descriptor: Any = one.get("/FontDescriptor")
        if descriptor is None or not any(key in descriptor for key in _FONT_FILES):
            yield str(one.get("/BaseFont", "/?"))[1:].rpartition("+")[2][:60]


def _saved(pdf: pikepdf.Pdf) -> bytes:
    pdf.remove_unreferenced_resources()
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        # Every object for itself: so the revisions of its signatures are joined from bytes.
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        recompress_flate=False,
    )
    return out.getvalue()
