"""Where a document lists its fields: on their pages, and in its form."""

from __future__ import annotations

from engine.pdf.own.revisions import Page, Revision, changed, longer, number_of


def list_on(revision: Revision, page: Page, numbers: list[int]) -> None:
    """Widgets on their page, wherever that keeps its list."""
    listed = page.entries.get("/Annots")
    if listed is not None and listed.is_indirect:
        revision.bodies[number_of(listed)] = longer(listed, numbers)
        return
    further = b" /Annots " + longer(listed, numbers)
    revision.bodies[page.number] = changed(page.entries, ("/Annots",), further)


def list_in_form(revision: Revision, numbers: list[int], certifying: bytes = b"") -> None:
    """Fields in the form, wherever that and its list are kept; `certifying` goes into the catalog."""
    if not numbers and not certifying:
        return
    root, added = revision.existing.root, certifying
    form = root.get("/AcroForm")
    listed = None if form is None else form.get("/Fields")
    if listed is not None and listed.is_indirect:
        revision.bodies[number_of(listed)] = longer(listed, numbers)
        fields = b"%d 0 R" % number_of(listed)
    else:
        fields = longer(listed, numbers)
    inside = b" /Fields %s /SigFlags 3" % fields
    made = b"<<%s >>" % inside if form is None else changed(form, ("/Fields", "/SigFlags"), inside)
    without = ["/Perms"] if certifying else []
    if form is not None and form.is_indirect:
        revision.bodies[number_of(form)] = made
    else:
        added = b" /AcroForm " + made + added
        without.append("/AcroForm")
    if added:
        revision.bodies[number_of(root)] = changed(root, tuple(without), added)
