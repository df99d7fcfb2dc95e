"""One signature in a revision of its own: the same as `engine.pdf.signing` makes, joined from bytes."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509

from engine.pdf import appearance, container, signing, spread, typeset
from engine.pdf.own import containers, lexing, pictures
from engine.pdf.own.listing import list_in_form, list_on
from engine.pdf.own.reading import Dictionary, Existing, Page, rectangle
from engine.pdf.own.revisions import Revision, date, packed, text
from engine.pdf.own.room import filled, with_room

# Two points off: how far a wish may be from the place that was made beforehand.
_SAME_PLACE = 1.0
_CERTIFIED_P = {True: 2, False: 1}
_EXTENSION = (
    b" /Extensions << /ESIC << /Type /DeveloperExtensions /BaseVersion /1.7 /ExtensionLevel 1 >> >>"
)


def prepare(
    document: bytes,
    *,
    field: str,
    signer_certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    signing_time_ms: int,
    seal: appearance.SealAppearance | None = None,
    placement: typeset.Placement | None = None,
    reason: str | None = None,
    location: str | None = None,
    name: str | None = None,
    first: bool = False,
    all_fields: Sequence[spread.FieldSpec] = (),
    seal_object: bytes = b"",
) -> signing.Prepared:
    """As `engine.pdf.signing.prepare`, for a document of our own.

    Raises: NotPlain, signing.AlreadySigned, signing.DocumentNotSignable, signing.FieldPlacedElsewhere,
    container.UnsupportedKey, appearance.PlacementOutsidePage, appearance.SealPictureUnusable.
    """
    certificates = (signer_certificate, *chain)
    specs = list(all_fields)
    if field not in [spec.name for spec in specs]:
        specs.append(spread.FieldSpec(name=field, placement=placement))
    existing = Existing(document)
    made = _Signing(existing, field, placement, seal, first, specs)
    kept = made.keep(seal_object)
    made.fill(kept, signing_time_ms)
    details = _details(signing_time_ms, name=name, reason=reason, location=location)
    return made.prepared(
        certificates, details + made.certified() + made.kept(kept), signing_time_ms
    )


def _details(at_ms: int, **told: str | None) -> bytes:
    made = b" /M " + date(at_ms // 1000)
    for key, value in told.items():
        if value is not None:
            made += b" /%s %s" % (key.capitalize().encode(), text(value))
    return made


def _permits_nothing(existing: Existing) -> bool:
    """Whether a signature certified the document as it is (DocMDP, P=1)."""
    permitted = existing.root.entries.get(b"/Perms")
    certified = permitted and existing.dictionary(permitted).entries.get(b"/DocMDP")
    if not certified:
        return False
    listed = existing.dictionary(certified).entries.get(b"/Reference", b"[]")
    for one in lexing.items(existing.array(listed)[0]):
        told = existing.dictionary(one).entries.get(b"/TransformParams")
        if told and lexing.number(existing.dictionary(told).entries.get(b"/P", b"2")) == 1:
            return True
    return False


class _Signing:
    """The revision of one signature while it is put together."""

    def __init__(
        self,
        existing: Existing,
        field: str,
        placement: typeset.Placement | None,
        seal: appearance.SealAppearance | None,
        first: bool,
        specs: Sequence[spread.FieldSpec],
    ) -> None:
        self._revision, self._existing = Revision(existing), existing
        self._field, self._seal, self._first = field, seal, first
        self._known = dict(existing.fields())
        if first and any(b"/V" in one.entries for one in self._known.values()):
            raise signing.AlreadySigned
        if _permits_nothing(existing):
            raise signing.DocumentNotSignable(problem="its author permits no changes")
        if field in self._known and b"/V" in self._known[field].entries:
            raise signing.DocumentNotSignable(problem="this place is signed already")
        if placement is not None and field in self._known:
            self._require_place(self._known[field], placement)
        others = [one for one in specs if one.name != field and not spread.belongs(one.name, field)]
        self._several = bool(others)
        wanted = [
            one
            for one in specs
            if one.name not in self._known
            and (first or one.name == field or spread.belongs(one.name, field))
        ]
        self._value = self._revision.number()
        self._new = self._create(wanted)

    def _require_place(self, widget: Dictionary, placement: typeset.Placement) -> None:
        """A widget of a certified document must not move, so a wish to move it is refused."""
        page = self._page(placement)
        wished = appearance.box_of(page.box, page.turned, placement)
        there = rectangle(widget) or (0.0, 0.0, 0.0, 0.0)
        if any(abs(a - b) > _SAME_PLACE for a, b in zip(wished, there, strict=True)):
            raise signing.FieldPlacedElsewhere(name=self._field)

    def _page(self, placement: typeset.Placement | None) -> Page:
        if placement is None:
            return self._existing.page(0)
        count = self._existing.pages
        index = placement.page - 1 if placement.page > 0 else count + placement.page
        if not 0 <= index < count or placement.page == 0:
            raise appearance.PlacementOutsidePage(page=placement.page)
        return self._existing.page(index)

    def _create(self, wanted: Sequence[spread.FieldSpec]) -> dict[str, tuple[int, bytes, Any, Any]]:
        """New fields: number, entries, box and page by name; pages and catalog list them."""
        made: dict[str, tuple[int, bytes, Any, Any]] = {}
        of_pages: dict[int, tuple[Page, list[int]]] = {}
        for spec in wanted:
            page, place = self._page(spec.placement), (0.0, 0.0, 0.0, 0.0)
            if spec.placement is not None:
                place = appearance.box_of(page.box, page.turned, spec.placement)
            number, own = self._revision.number(), page.number
            entries = b"/Type /Annot /Subtype /Widget /FT /Sig /F 132 /T " + text(spec.name)
            entries += b" /Rect [%.2f %.2f %.2f %.2f] /P %d 0 R" % (*place, own)
            made[spec.name] = (number, entries, place if spec.placement else None, page.turned)
            of_pages.setdefault(own, (page, []))[1].append(number)
        for page, numbers in of_pages.values():
            list_on(self._revision, page, numbers)
        numbers = [number for number, *_ in made.values()]
        list_in_form(self._revision, numbers, self._certifying())
        return made

    def _certifying(self) -> bytes:
        """What the catalog says of a first signature."""
        if not self._first:
            return b""
        extension = b"" if b"/Extensions" in self._existing.root.entries else _EXTENSION
        return b" /Perms << /DocMDP %d 0 R >>%s" % (self._value, extension)

    def keep(self, seal_object: bytes) -> int:
        """The seal as its maker signed it, in a stream; its number, or 0 without one."""
        if not seal_object:
            return 0
        return self._revision.add(packed(zlib.compress(seal_object)))

    def kept(self, number: int) -> bytes:
        """How the signature names that."""
        return b" %s %d 0 R" % (signing.SEAL_KEY.encode(), number) if number else b""

    def certified(self) -> bytes:
        """That the first signature certifies, and whether others may follow."""
        if not self._first:
            return b""
        return (
            b" /Reference [ << /Type /SigRef /TransformMethod /DocMDP /TransformParams"
            b" << /Type /TransformParams /V /1.2 /P %d >> >> ]" % _CERTIFIED_P[self._several]
        )

    def fill(self, kept: int, at_ms: int) -> None:
        """The fields of this signature get its value and show the seal; new ones of others stay empty."""
        private, drawn = self._private(kept, at_ms), 0
        if self._seal is not None:
            drawn = pictures.put(self._revision, pictures.of(self._seal))
        for name, (number, entries, place, degrees) in self._new.items():
            if name == self._field or spread.belongs(name, self._field):
                entries += self._shown(name, place, degrees, drawn, private)
            self._revision.bodies[number] = b"<< %s >>" % entries
        for name, widget in self._known.items():
            mine = name == self._field or spread.belongs(name, self._field)
            if mine and b"/V" not in widget.entries:
                place, page = rectangle(widget), widget.entries.get(b"/P")
                degrees = self._existing.turned(page) if place and page else 0
                shown = self._shown(name, place, degrees, drawn, private)
                without = (b"/AP",) if drawn and place else ()
                self._revision.bodies[widget.number] = widget.changed(without, shown)

    def _shown(self, name: str, place: Any, degrees: int, drawn: int, private: bytes) -> bytes:
        value = b" /V %d 0 R" % self._value
        if self._seal is None or place is None:
            return value
        part = spread.part(name, self._field) or (0, 1)
        form = pictures.form(self._revision, self._seal, drawn, place, degrees, part, private)
        return value + b" /AP << /N %d 0 R >>" % form

    def _private(self, kept: int, at_ms: int) -> bytes:
        if not kept:
            return b""
        since = b"/LastModified " + date(at_ms // 1000)
        return b"%s /PieceInfo << /Yinxin << %s /Private %d 0 R >> >>" % (since, since, kept)

    def prepared(
        self, chain: tuple[x509.Certificate, ...], details: bytes, at_ms: int
    ) -> signing.Prepared:
        """The document with room for the value, and what must be signed."""
        head = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
        made, region, digest = with_room(
            self._revision, self._value, head + details, containers.room_for(chain)
        )
        return signing.Prepared(
            document=made,
            field=self._field,
            region_start=region[0],
            region_end=region[1],
            document_digest=digest.hex(),
            signed_attributes=containers.attributes(chain[0], digest),
            certificates=containers.pem_of(chain),
            signing_time_ms=at_ms,
        )


def finish(
    prepared: signing.Prepared,
    *,
    signature_value: bytes,
    timestamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """As `engine.pdf.signing.finish`.

    Raises: container.SignatureValueWrong (nothing is released); container.TimestampUnusable.
    """
    chain = containers.chain_of(prepared.certificates)
    container.require_genuine(chain[0], signature_value, prepared.signed_attributes)
    made = containers.signed(chain, prepared.signed_attributes, signature_value, timestamp)
    return filled(prepared.document, prepared.region_start, prepared.region_end, made)
