"""A PDF made anew before it is signed: what is seen stays, what could change it goes, and it is told."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from engine.pdf import intake, pixels, rebuilding, typeset

PAGE = (300, 400)


def written(change, *, pages=1):
    """A small PDF with a line of text on each page, changed by `change(pdf)`."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        for number in range(pages):
            page = pdf.add_blank_page(page_size=PAGE)
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            page.Contents = pdf.make_stream(
                b"BT /F1 14 Tf 40 300 Td (Contract page %d) Tj ET" % (number + 1)
            )
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def form_of(pdf, content, box):
    made = pdf.make_stream(content)
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array([0, 0, *box])
    return made


def add(pdf, **entries):
    page = pdf.pages[0]
    one = pdf.make_indirect(Dictionary(Type=Name.Annot, **entries))
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(one)
    return one


def link(pdf):
    add(
        pdf,
        Subtype=Name.Link,
        Rect=Array([40, 295, 160, 315]),
        A=Dictionary(S=Name.URI, URI=b"https://example.invalid/x"),
    )


def filled_field(pdf, *, drawn=True):
    entries = {
        "Subtype": Name.Widget,
        "FT": Name.Tx,
        "T": b"amount",
        "V": b"100",
        "Rect": Array([40, 200, 140, 220]),
    }
    if drawn:
        entries["AP"] = Dictionary(N=form_of(pdf, b"0 0 1 rg 0 0 100 20 re f", (100, 20)))
    field = add(pdf, **entries)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def note(pdf):
    appearance = form_of(pdf, b"1 0 0 rg 0 0 50 50 re f", (50, 50))
    add(
        pdf,
        Subtype=Name.Stamp,
        Rect=Array([200, 100, 250, 150]),
        Contents=b"checked",
        AP=Dictionary(N=appearance),
    )


def codes(made):
    return {one.code: one.count for one in made.findings}


def ink(content, box, scale=1.0):
    """The mean grey level within a box (points from the top left) of the first page."""
    page = pypdfium2.PdfDocument(content)[0]
    picture = page.render(scale=scale).to_pil().convert("L").crop(box)
    return sum(picture.getdata()) / (picture.width * picture.height)


def test_an_ordinary_document_comes_through_as_it_looks():
    content = typeset.render("contract", sample())
    made = rebuilding.rebuild(content)
    assert made.findings == ()
    assert pixels.compare(content, made.content, {}).differing == ()
    assert rebuilding.rebuild(content).content == made.content
    assert made.pages == intake.inspect(content).pages


def sample():
    return {
        "issued_at": 0,
        "number": "HT-1",
        "name": "采购",
        "order_number": "CG-1",
        "purchaser": {"name": "甲", "uscc": "91"},
        "supplier": {"name": "乙", "uscc": "92"},
        "signed_on": "2026-01-01",
        "effective_on": "2026-01-01",
        "place": "乌鲁木齐",
        "currency": "人民币",
        "total_fen": 100,
        "payment_terms": "货到付款",
        "goods": [],
        "clauses": [],
    }


@pytest.mark.row("SGN-2")
def test_links_of_office_documents_are_taken_out_and_told():
    content = written(link)
    with pytest.raises(intake.ActivePdf):
        intake.inspect(content)
    made = rebuilding.rebuild(content)
    assert codes(made)["links"] == 1
    assert b"example.invalid" not in _unpacked(made.content)
    assert not any("/Annots" in page for page in pikepdf.open(io.BytesIO(made.content)).pages)


def _unpacked(content):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return out.getvalue()


@pytest.mark.parametrize("tagged", [False, True])
def test_fields_and_stamps_become_part_of_the_page(tagged):
    def change(pdf):
        filled_field(pdf)
        note(pdf)
        if tagged:
            element = Dictionary(
                S=Name.Form, K=Dictionary(Type=Name.OBJR, Obj=pdf.pages[0].Annots[0])
            )
            pdf.Root.StructTreeRoot = pdf.make_indirect(
                Dictionary(Type=Name.StructTreeRoot, K=pdf.make_indirect(element))
            )

    content = written(change)
    made = rebuilding.rebuild(content)
    assert codes(made) == {"fields": 1, "comments": 1, "fonts": 1}
    assert made.findings[-1].names == ("Helvetica",)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0]
    # The drawn field and the stamp are still there.
    assert ink(made.content, (45, 185, 135, 195)) < 100
    assert ink(made.content, (205, 255, 245, 295)) < 100
    assert b"checked" not in _unpacked(made.content)
    assert b"amount" not in _unpacked(made.content)


def test_a_filled_field_that_only_a_viewer_would_draw_is_refused():
    with pytest.raises(rebuilding.FormNotDrawn):
        rebuilding.rebuild(written(lambda pdf: filled_field(pdf, drawn=False)))


def test_a_comment_that_cannot_be_kept_as_it_looks_is_refused_with_its_page():
    def highlight(pdf):
        add(
            pdf,
            Subtype=Name.Highlight,
            Rect=Array([40, 290, 160, 320]),
            QuadPoints=Array([40, 320, 160, 320, 40, 290, 160, 290]),
            C=Array([0.2, 0.2, 0.2]),
        )

    with pytest.raises(rebuilding.LooksOtherwise) as refused:
        rebuilding.rebuild(written(highlight))
    assert refused.value.params["page"] == 1


def layered(off):
    def change(pdf):
        group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=b"Layer"))
        page = pdf.pages[0]
        page.Resources.Properties = Dictionary(L1=group)
        page.Contents = pdf.make_stream(b"/OC /L1 BDC BT /F1 14 Tf 40 300 Td (Price 100) Tj ET EMC")
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([group]), D=Dictionary(OFF=Array([group] if off else []))
        )

    return written(change)


def test_layers_that_everybody_sees_stay_and_hidden_ones_are_refused():
    made = rebuilding.rebuild(layered(off=False))
    assert codes(made)["layers"] == 1
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert "/OCProperties" not in pdf.Root
    with pytest.raises(rebuilding.HiddenLayers):
        rebuilding.rebuild(layered(off=True))


def test_where_a_document_opens_and_what_its_bookmarks_run_is_gone_quietly():
    def change(pdf):
        pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
        run = Dictionary(
            Title=b"Out", A=Dictionary(S=Name.URI, URI=b"https://example.invalid/bookmark")
        )
        item = pdf.make_indirect(run)
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
        item.Parent = pdf.Root.Outlines

    made = rebuilding.rebuild(written(change))
    assert "links" not in codes(made)
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert "/OpenAction" not in pdf.Root
        assert str(pdf.Root.Outlines.First.Title) == "Out"
        assert "/A" not in pdf.Root.Outlines.First


@pytest.mark.parametrize(
    "active",
    [
        lambda pdf: pdf.Root.__setattr__(
            "OpenAction", Dictionary(S=Name.JavaScript, JS=b"app.alert(1)")
        ),
        lambda pdf: add(
            pdf,
            Subtype=Name.Link,
            Rect=Array([0, 0, 9, 9]),
            A=Dictionary(S=Name.Launch, F=b"calc.exe"),
        ),
        lambda pdf: pdf.Root.__setattr__(
            "Names", Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))
        ),
        lambda pdf: pdf.Root.__setattr__("AcroForm", Dictionary(XFA=b"x", Fields=Array([]))),
    ],
    ids=["script", "launch", "embedded", "xfa"],
)
def test_what_acts_is_refused_as_everywhere(active):
    with pytest.raises(intake.ActivePdf):
        rebuilding.rebuild(written(active))


def test_objects_that_nothing_refers_to_are_gone():
    content = written(lambda pdf: None)
    # An update that adds an object and points at it from nowhere.
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
    before = content.rindex(b"startxref") + len(b"startxref")
    previous = int(content[before:].split()[0])
    body = b"%d 0 obj\n(replacement page)\nendobj\n" % size
    place, xref = len(content), len(content) + len(body)
    stowed = (
        content
        + body
        + b"xref\n%d 1\n%010d 00000 n \n" % (size, place)
        + b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (size + 1, root, previous, xref)
    )
    assert intake.inspect(stowed).pages == 1
    made = rebuilding.rebuild(stowed)
    assert b"replacement page" in stowed
    assert b"replacement page" not in _unpacked(made.content)


def test_a_signed_document_is_not_made_anew():
    def sign(pdf):
        pdf.Root.AcroForm = Dictionary(
            Fields=Array(
                [
                    pdf.make_indirect(
                        Dictionary(
                            FT=Name.Sig,
                            T=b"s",
                            V=Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3])),
                        )
                    )
                ]
            )
        )

    with pytest.raises(rebuilding.SignedUpload):
        rebuilding.rebuild(written(sign))
