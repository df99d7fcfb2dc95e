"""Where a document lists its fields: on their pages, and in its form."""

from __future__ import annotations

from engine.pdf.own.reading import Page
from engine.pdf.own.revisions import Revision, longer


def list_on(revision: Revision, page: Page, numbers: list[int]) -> None:
    """Widgets on their page, wherever that keeps its list."""
    listed = page.own.entries.get(b"/Annots")
    array, own = (None, 0) if listed is None else revision.existing.array(listed)
    if own:
        revision.bodies[own] = longer(array, numbers)
        return
    further = b" /Annots " + longer(array, numbers)
    revision.bodies[page.number] = page.own.changed((b"/Annots",), further)


def list_in_form(revision: Revision, numbers: list[int], certifying: bytes = b"") -> None:
    """Fields in the form, wherever that and its list are kept; `certifying` goes into the catalog."""
    if not numbers and not certifying:
        return
    existing, added = revision.existing, certifying
    form = existing.form()
    listed = None if form is None else form.entries.get(b"/Fields")
    array, own = (None, 0) if listed is None else existing.array(listed)
    fields = longer(array, numbers)
    if own:
        revision.bodies[own] = fields
        fields = b"%d 0 R" % own
    inside = b" /Fields %s /SigFlags 3" % fields
    made = b"<<%s >>" % inside if form is None else form.changed((b"/Fields", b"/SigFlags"), inside)
    without: tuple[bytes, ...] = (b"/Perms",) if certifying else ()
    if form is not None and form.number:
        revision.bodies[form.number] = made
    else:
        added = b" /AcroForm " + made + added
        without += (b"/AcroForm",)
    if added:
        revision.bodies[existing.root.number] = existing.root.changed(without, added)
