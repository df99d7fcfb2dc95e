"""Files that were signed before, and files that are broken."""

from __future__ import annotations

from collections.abc import Iterator

from engine.pdf import intake, signing, typeset
from tests import support_pdf as support
from tests.support.pdf_kinds.papers import Kind, paper


def signed_before(world: support.World) -> Iterator[Kind]:
    """Certified for one, certified for several, with a free place."""
    contract = typeset.render("contract", support.contract_data())
    alone = support.sign_field(
        world, contract, world.purchaser, support.PURCHASER, first=True,
        fields=[signing.FieldSpec(name=support.PURCHASER, placement=typeset.CONTRACT_PARTY_A)],
    )  # fmt: skip
    yield Kind("signed before", "certified, no change allowed", alone, signing.DocumentNotSignable)


def broken() -> Iterator[Kind]:
    """Cut, flipped, empty, no PDF at all."""
    whole = paper().with_table()
    for share in (0.1, 0.5, 0.9):
        yield Kind(
            "broken", f"cut at {share:.0%}", whole[: int(len(whole) * share)], intake.BrokenPdf
        )
    yield Kind(
        "broken", "no page tree", whole.replace(b"/Pages 2 0 R", b"/Pages 9 0 R"), intake.BrokenPdf
    )
    yield Kind(
        "broken", "no catalog", whole.replace(b"/Root 1 0 R", b"/Root 9 0 R"), intake.BrokenPdf
    )
    yield Kind(
        "broken",
        "table displaced",
        whole.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%further\n"),
        intake.BrokenPdf,
    )
    yield Kind("broken", "something before it", b"GIF89a" + whole, intake.NotPdf)
    yield Kind("broken", "a picture", b"\x89PNG\r\n\x1a\n" + bytes(200), intake.NotPdf)
    yield Kind("broken", "nothing", b"", intake.NotPdf)
    yield Kind("broken", "a head alone", b"%PDF-1.7\n", intake.BrokenPdf)
    yield Kind("broken", "too large", b"%PDF-1.7\n" + bytes(intake.MAX_SIZE), intake.TooLargePdf)
