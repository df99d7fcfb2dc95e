"""Files by what is interactive in them: what may come in, and what may not."""

from __future__ import annotations

from collections.abc import Iterator

from engine.pdf import intake
from tests.support.pdf_kinds.papers import Kind, first_page, paper, with_entries
from tests.support.pdf_writer import stream


def interactive() -> Iterator[Kind]:
    """Forms, outlines, labels, structure, metadata; and what may not come in at all."""
    plain = {
        "an outline": (
            "/Outlines 99 0 R",
            {
                99: b"<< /Type /Outlines /First 98 0 R /Last 98 0 R /Count 1 >>",
                98: b"<< /Title (Chapter) /Parent 99 0 R /Dest [4 0 R /Fit] >>",
            },
        ),
        "labels of pages": ("/PageLabels << /Nums [0 << /S /r >>] >>", {}),
        "named places": ("/Names << /Dests << /Names [(a) [4 0 R /Fit]] >> >>", {}),
        "viewer preferences": (
            "/ViewerPreferences << /DisplayDocTitle true /Direction /L2R >> /PageMode /UseNone",
            {},
        ),
        "a language": ("/Lang (zh-CN)", {}),
        "metadata": (
            "/Metadata 99 0 R",
            {
                99: stream(
                    (
                        b"<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta "
                        b"xmlns:x='adobe:ns:meta/'/><?xpacket end='w'?>"
                    ),
                    "/Type /Metadata /Subtype /XML",
                )
            },
        ),
        "tagged": (
            "/MarkInfo << /Marked true >> /StructTreeRoot 99 0 R",
            {
                99: b"<< /Type /StructTreeRoot /K [98 0 R] >>",
                98: b"<< /Type /StructElem /S /Document /P 99 0 R >>",
            },
        ),
        "an output intent": (
            (
                "/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFA1 "
                "/OutputConditionIdentifier (sRGB) >>]"
            ),
            {},
        ),
        "an empty form": ("/AcroForm << /Fields [] >>", {}),
        "an extension": ("/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >> >>", {}),
        "a later version in the catalog": ("/Version /1.7", {}),
        "collections of nothing": ("/PieceInfo << >>", {}),
    }
    for name, (root, objects) in plain.items():
        for way in ("table", "stream"):
            made = paper(root=root, version="1.5")
            made.objects |= objects
            content = made.with_table() if way == "table" else made.with_stream()
            yield Kind("interactive", f"{name}, {way}", content)
    yield from _forms()
    yield from _active()


def _forms() -> Iterator[Kind]:
    fields = {
        "a text": "/FT /Tx /V (filled)",
        "a tick": "/FT /Btn /V /Off",
        "a choice": "/FT /Ch /Opt [(a) (b)] /V (a)",
        "a place for a signature": "/FT /Sig",
    }
    for name, entries in fields.items():
        for listing in ("direct", "referenced"):
            made = paper(pages=1, root="/AcroForm << /Fields [99 0 R] /DA (/Helv 0 Tf 0 g) >>")
            page = first_page(made)
            made.objects[99] = (
                f"<< /Type /Annot /Subtype /Widget /T (f) {entries} /Rect [60 300 "
                f"200 330] /F 4 /P {page} 0 R >>"
            ).encode()
            if listing == "referenced":
                made.objects[98] = b"[99 0 R]"
                listed = "/Annots 98 0 R"
            else:
                listed = "/Annots [99 0 R]"
            made.objects[page] = with_entries(made.objects[page], listed)
            yield Kind("interactive", f"a form with {name}, {listing}", made.with_table())
    for kind in ("Square", "Highlight", "Text", "FreeText", "Stamp", "Ink"):
        made = paper(pages=1)
        page = first_page(made)
        made.objects[99] = (
            f"<< /Type /Annot /Subtype /{kind} /Rect [60 300 200 330] /F 4 "
            f"/Contents (note) /C [1 0 0] /InkList [[60 300 200 330]] /AP << "
            f"/N 98 0 R >> /QuadPoints [60 330 200 330 60 300 200 300] /DA "
            f"(/Helv 9 Tf) >>"
        ).encode()
        look = b"0.9 g 0 0 140 30 re f 1 0 0 RG 1 1 138 28 re S"
        made.objects[98] = stream(look, "/Type /XObject /Subtype /Form /BBox [0 0 140 30]")
        made.objects[page] = with_entries(made.objects[page], "/Annots [99 0 R]")
        yield Kind("interactive", f"an annotation, {kind}", made.with_table())


def _active() -> Iterator[Kind]:
    roots = {
        "JavaScript on opening": "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>",
        "a place on opening": "/OpenAction [4 0 R /Fit]",
        "actions of the document": "/AA << /WC << /S /JavaScript /JS (1) >> >>",
        "named scripts": "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (1) >>] >> >>",
        "attached files": "/Names << /EmbeddedFiles << /Names [] >> >>",
        "a form of XFA": "/AcroForm << /Fields [] /XFA (x) >>",
    }
    for name, root in roots.items():
        yield Kind("interactive", name, paper(root=root).with_table(), intake.ActivePdf)
        yield Kind(
            "interactive", f"{name}, packed", paper(root=root).with_stream(), intake.ActivePdf
        )
    for kind in ("Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition"):
        made = paper(pages=1)
        page = first_page(made)
        made.objects[99] = (
            f"<< /Type /Annot /Subtype /Link /Rect [60 300 200 330] /A << /S /{kind} /F (x) >> >>"
        ).encode()
        made.objects[page] = with_entries(made.objects[page], "/Annots [99 0 R]")
        yield Kind("interactive", f"a link that does {kind}", made.with_table(), intake.ActivePdf)
    for kind in ("RichMedia", "Movie", "Sound", "Screen", "3D", "FileAttachment"):
        made = paper(pages=1)
        page = first_page(made)
        made.objects[99] = f"<< /Type /Annot /Subtype /{kind} /Rect [60 300 200 330] >>".encode()
        made.objects[page] = with_entries(made.objects[page], "/Annots [99 0 R]")
        yield Kind("interactive", f"an annotation, {kind}", made.with_table(), intake.ActivePdf)
