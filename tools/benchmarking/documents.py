"""Documents: signatures on files from outside beside bare pyHanko, seals drawn, contracts typeset.

`pades_bb_outside`: one B-B signature with a visible vector seal on a contract of two pages, the product's
interrupted way (prepare, the key signs, finish with its checks) and bare pyHanko's `sign_pdf` with the same
key, file, chain and picture, told how much room to leave (`bytes_reserved`); without being told it makes
the whole container twice. `seal_render`: a company seal as vectors, each of another name; its baseline is
resvg alone making the picture of such a drawing. `document_render`: a contract, each with other data; its
baseline is typst alone, with a compiler kept and the template's inputs ready.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import datetime
import io
import tempfile
import time
from collections.abc import Callable
from typing import Any

import resvg_py
import typst
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.pdf import appearance, fonts, increments, signing, typeset
from engine.ses import drawing
from tests import support_pdf as support
from tools.benchmarking import results

ROUNDS = 7
SIGNED, DRAWN, SET = 12, 40, 25
RESERVED = 16_384
# 300 dots an inch at 42 mm.
PIXELS = 496
_NAME = "新疆天山净水科技有限公司"
Turns = dict[str, Callable[[int], object]]


def measure() -> list[results.Result]:
    """Every figure, product and baseline in turn."""
    return [_outside(), _seals(), _contracts()]


def _in_turn(turns: Turns, count: int) -> dict[str, list[float]]:
    """Rates by processor time, the first round left out."""
    rates: dict[str, list[float]] = {name: [] for name in turns}
    number = 0
    for turn in range(ROUNDS + 1):
        for name, run in turns.items():
            begin = time.process_time()
            for _ in range(count):
                number += 1
                run(number)
            if turn:
                rates[name].append(count / (time.process_time() - begin))
    return rates


def _result(
    name: str, unit: str, about: str, rates: dict[str, list[float]], own: str, baseline: str
) -> results.Result:
    return results.Result(
        name=name,
        value=results.median(rates[own]),
        unit=unit,
        baseline=results.median(rates[baseline]),
        options={
            "about": about,
            "rounds": ROUNDS,
            "clock": "processor time",
            "rates": {one: results.rounded(results.median(found)) for one, found in rates.items()},
            "spread": results.spread(rates[own]),
        },
    )


# -- signatures ---------------------------------------------------------------------------------------


def _outside() -> results.Result:
    world = support.make_world()
    document = typeset.render("contract", support.contract_data())
    with tempfile.NamedTemporaryFile(suffix=".pdf") as picture:
        picture.write(appearance.seal_page(support.SEAL))
        picture.flush()
        turns: Turns = {
            "product": lambda _: _product(world, document),
            "pyHanko": lambda _: bare(world, document, picture.name, RESERVED),
            "pyHanko, room not told": lambda _: bare(world, document, picture.name, None),
        }
        rates = _in_turn(turns, SIGNED)
    about = (
        "B-B signatures on one core, P-256, one visible vector seal, a contract of"
        f" {len(document):,} bytes; baseline: bare pyHanko with bytes_reserved={RESERVED}"
    )
    return _result("pades_bb_outside", "signatures/s", about, rates, "product", "pyHanko")


def _product(world: support.World, document: bytes) -> bytes:
    holder = world.purchaser
    prepared = signing.prepare(
        document,
        field="party",
        signer_certificate=holder.certificate,
        chain=holder.chain,
        signing_time_ms=support.NOW,
        seal=support.SEAL,
        placement=typeset.CONTRACT_PARTY_A,
        first=True,
    )
    return signing.finish(
        prepared, signature_value=support.sign(holder.key, prepared.signed_attributes)
    )


def bare(world: support.World, document: bytes, picture: str, reserved: int | None) -> bytes:
    """One B-B signature as a script with pyHanko makes it; `picture` is the seal as a PDF's path."""
    holder = world.purchaser
    encoded = holder.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register_multiple([increments.asn1(one) for one in holder.chain[:-1]])
    signer = signers.SimpleSigner(
        signing_cert=increments.asn1(holder.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(encoded),
        cert_registry=store,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    page, box = appearance.rectangle(writer, typeset.CONTRACT_PARTY_A)
    left, bottom, right, top = (round(one) for one in box)
    metadata = PdfSignatureMetadata(
        field_name="party",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    PdfSigner(
        metadata,
        signer,
        stamp_style=StaticStampStyle.from_pdf_file(picture, border_width=0, background_opacity=1),
        new_field_spec=SigFieldSpec("party", on_page=page, box=(left, bottom, right, top)),
    ).sign_pdf(writer, bytes_reserved=reserved, output=out)
    return out.getvalue()


# -- seals and contracts ------------------------------------------------------------------------------


def _seals() -> results.Result:
    sample = _seal(0)
    turns: Turns = {
        "vectors": _seal,
        "vectors and picture": lambda number: _seal(number).to_png(PIXELS),
        "resvg alone": lambda _: resvg_py.svg_to_bytes(svg_string=sample.svg, width=PIXELS, dpi=96),
    }
    rates = _in_turn(turns, DRAWN)
    about = (
        "company seals on one core as SVG and as the content of a PDF form, each of another name and code;"
        f" baseline: resvg making a picture of {PIXELS} pixels of such a seal"
    )
    return _result("seal_render", "seals/s", about, rates, "vectors", "resvg alone")


def _seal(number: int) -> drawing.SealPicture:
    return drawing.draw(
        "round", f"{_NAME}{_figures(number)}", width_mm=42, height_mm=42, code=f"{number:013d}"
    )


def _figures(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(one)] for one in f"{number:04d}")


def _contracts() -> results.Result:
    compiler: Any = typst.Compiler(
        str(typeset.TEMPLATES / "contract.typ"),
        root=str(typeset.TEMPLATES),
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
    )
    moment = datetime.datetime.fromtimestamp(support.NOW // 1000, tz=datetime.UTC)
    # Each round has numbers of its own: typst remembers what it set before.
    ready = [_inputs(number) for number in range((ROUNDS + 1) * SET * 2 + 1)]

    def bare(number: int) -> bytes:
        made = compiler.compile(
            sys_inputs=ready[number], format="pdf", pdf_standards="a-2b", timestamp=moment
        )
        return bytes(made)

    turns: Turns = {
        "product": lambda number: typeset.render("contract", _data(number)),
        "typst": bare,
    }
    if bare(0) != typeset.render("contract", _data(0)):
        raise SystemExit("The baseline's contract is not the product's")
    rates = _in_turn(turns, SET)
    about = (
        "contracts on one core, PDF/A-2b with embedded faces, each with another number and total; baseline:"
        " typst alone with a compiler kept, its inputs made beforehand"
    )
    return _result("document_render", "documents/s", about, rates, "product", "typst")


def _data(number: int) -> dict[str, object]:
    return support.contract_data(number=f"GZ-{number:06d}", total_fen=2_445_000 + number)


def _inputs(number: int) -> dict[str, str]:
    """What `typeset.render` hands to typst for this contract."""
    return typeset.inputs(_data(number))
