"""More forged documents: what a later revision can do to a whole document (ISA, certification attacks).

Each takes a signed document and gives a forged one. `PERMITTED` names those that the standards let pass
as an addition; none of them may ever come out as untouched.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.sign import fields

from tests.unit.pdf import attacks

Change = Callable[[Any], None]


def number(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)


def text(value: str) -> generic.TextStringObject:
    return generic.TextStringObject(value)


def array(*values: Any) -> generic.ArrayObject:
    return generic.ArrayObject(values)


def dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({name("/" + key): value for key, value in entries.items()})


def on_page(key: str, value: Any) -> Change:
    def change(writer: Any) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page[name(key)] = value
        writer.update_container(page)

    return change


def in_root(key: str, value: Any) -> Change:
    def change(writer: Any) -> None:
        writer.root[name(key)] = value
        writer.update_root()

    return change


def in_form(key: str, value: Any) -> Change:
    def change(writer: Any) -> None:
        form = writer.root["/AcroForm"]
        form[name(key)] = value
        writer.update_container(form)

    return change


def pages_swapped(writer: Any) -> None:
    pages = writer.root["/Pages"]
    pages[name("/Kids")] = array(*reversed(list(pages["/Kids"])))
    writer.update_container(pages)


def page_repeated(writer: Any) -> None:
    pages = writer.root["/Pages"]
    kids = list(pages["/Kids"])
    pages[name("/Kids")] = array(*kids, kids[0])
    pages[name("/Count")] = number(len(kids) + 1)
    writer.update_container(pages)


def page_tree_replaced(writer: Any) -> None:
    """Another page tree, with a page of its own, under the catalog."""
    content = writer.add_object(generic.StreamObject(stream_data=attacks.RED))
    page = writer.add_object(
        dictionary(
            Type=name("/Page"),
            MediaBox=array(number(0), number(0), number(595), number(842)),
            Contents=content,
            Resources=generic.DictionaryObject(),
        )
    )
    tree = writer.add_object(dictionary(Type=name("/Pages"), Kids=array(page), Count=number(1)))
    page.get_object()[name("/Parent")] = tree
    writer.root[name("/Pages")] = tree
    writer.update_root()


def font_replaced(writer: Any) -> None:
    """Shadow replace by the font: the same codes, other glyphs."""
    seen = 0
    for index in range(1, int(writer.prev.trailer["/Size"])):
        reference = generic.Reference(index, 0, writer.prev)
        try:
            found = writer.prev.get_object(reference)
        except Exception:  # noqa: BLE001 a hole in the numbers
            continue
        if isinstance(found, generic.DictionaryObject) and "/FontFile3" in found:
            found[name("/FontFile3")] = writer.add_object(
                generic.StreamObject(
                    dictionary(Subtype=name("/CIDFontType0C")), b"\x01\x00\x04\x01"
                )
            )
            writer.update_container(found)
            seen += 1
    assert seen


def seal_moved(writer: Any) -> None:
    _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    widget = reference.get_object()
    widget[name("/Rect")] = generic.ArrayObject(
        [generic.FloatObject(v) for v in (10, 10, 130, 130)]
    )
    writer.update_container(widget)


def seal_hidden(writer: Any) -> None:
    _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    widget = reference.get_object()
    widget[name("/F")] = number(2)
    writer.update_container(widget)


def field_renamed(writer: Any) -> None:
    _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    widget = reference.get_object()
    widget[name("/T")] = text("董事会盖章")
    writer.update_container(widget)


def signature_emptied(writer: Any) -> None:
    """The field stays, its signature is taken out."""
    _, _, reference = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    widget = reference.get_object()
    del widget["/V"]
    writer.update_container(widget)


def permission_widened(writer: Any) -> None:
    """A certification attack: the first signature's DocMDP is written anew as P=3."""
    _, value, _ = next(fields.enumerate_sig_fields(writer.prev, filled_status=True))
    signature = value.get_object()
    for reference in signature.get("/Reference", ()):
        reference.get_object()["/TransformParams"][name("/P")] = number(3)
    writer.update_container(signature)


def resources_replaced(writer: Any) -> None:
    page = writer.find_page_for_modification(0)[0].get_object()
    page[name("/Resources")] = generic.DictionaryObject()
    writer.update_container(page)


def attachment(writer: Any) -> None:
    content = writer.add_object(
        generic.StreamObject(dictionary(Type=name("/EmbeddedFile")), b"another contract")
    )
    spec = writer.add_object(
        dictionary(Type=name("/Filespec"), F=text("a.txt"), EF=dictionary(F=content))
    )
    writer.root[name("/Names")] = dictionary(
        EmbeddedFiles=dictionary(Names=array(text("a.txt"), spec))
    )
    writer.update_root()


def store_replaced(writer: Any) -> None:
    """A forged DSS: empty lists in the place of what proved something."""
    writer.root[name("/DSS")] = writer.add_object(
        dictionary(Type=name("/DSS"), Certs=array(), CRLs=array(), OCSPs=array())
    )
    writer.update_root()


def metadata(writer: Any) -> None:
    stream = generic.StreamObject(
        dictionary(Type=name("/Metadata"), Subtype=name("/XML")), b"<x:xmpmeta/>"
    )
    writer.root[name("/Metadata")] = writer.add_object(stream)
    writer.update_root()


def script_on_page(writer: Any) -> None:
    action = dictionary(S=name("/JavaScript"), JS=text("app.alert(1)"))
    on_page("/AA", dictionary(O=action))(writer)


LATER: dict[str, Change] = {
    "page turned": on_page("/Rotate", generic.NumberObject(90)),
    "page cropped": on_page("/CropBox", array(number(0), number(0), number(200), number(200))),
    "page enlarged": on_page("/MediaBox", array(number(0), number(0), number(900), number(900))),
    "page scaled": on_page("/UserUnit", number(2)),
    "annotations taken away": on_page("/Annots", array()),
    "pages swapped": pages_swapped,
    "page repeated": page_repeated,
    "page tree replaced": page_tree_replaced,
    "resources replaced": resources_replaced,
    "font replaced": font_replaced,
    "seal moved": seal_moved,
    "seal hidden": seal_hidden,
    "field renamed": field_renamed,
    "signature emptied": signature_emptied,
    "permission widened": permission_widened,
    "fields forgotten": in_form("/Fields", array()),
    "appearances to be made anew": in_form("/NeedAppearances", generic.BooleanObject(True)),
    "form of another kind": in_form("/XFA", text("<xdp/>")),
    "form taken away": in_root("/AcroForm", dictionary(Fields=array())),
    "portfolio": in_root("/Collection", dictionary(Type=name("/Collection"), View=name("/T"))),
    "attachment": attachment,
    "script on a page": script_on_page,
    "opens elsewhere": in_root("/OpenAction", dictionary(S=name("/Named"), N=name("/LastPage"))),
    "another language": in_root("/Lang", text("xx")),
    "labels of pages": in_root(
        "/PageLabels", dictionary(Nums=array(number(0), dictionary(P=text("第九页"))))
    ),
    "outline": in_root("/Outlines", dictionary(Type=name("/Outlines"), Count=number(0))),
    "store replaced": store_replaced,
    "metadata": metadata,
}
# Permitted by pyHanko's policy and by DocMDP P=2; never `valid` all the same.
PERMITTED = {"appearances to be made anew", "metadata", "store replaced"}
