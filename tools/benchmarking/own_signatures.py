"""Signatures on our own documents: `engine.pdf.own` beside bare pyHanko, same file, same key, same seal.

A contract of two pages with fields for two parties, each with a visible vector seal, P-256.
`pades_bb_own` is the first party's signature; `pades_bt_own` with a time-stamp over its value;
`pades_blta_own` the second
party's, into the field that is there, with time-stamp, certificates, lists and a document time-stamp over
all of it. Everything is made per signature: reading the document, what is signed, the check of the value
before it is released. Tokens are made by the same authority for both, outside what is counted: a token
costs either side the same.

The baseline is what a script with pyHanko does for the same result: `PdfSigner` with a static stamp,
`bytes_reserved` told, the validation data by `DocumentSecurityStore`, the document time-stamp by
`PdfTimeStamper`; no check of the value.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable

import pikepdf

from engine.pdf import appearance, archiving, own, signing, typeset, validation_info
from tests import support_pdf as support
from tools.benchmarking import documents, results

ROUNDS = 7
OWN, BARE = 60, 6
_LEVELS = {
    "pades_bb_own": "the first party's signature, B-B",
    "pades_bt_own": "the first party's signature with a time-stamp, B-T",
    "pades_blta_own": "the second party's signature into its field, B-LTA",
}


class _Tokens:
    """Tokens by digest, made once: what is measured is never the authority."""

    def __init__(self, world: support.World) -> None:
        self._stamp, self._known = world.stamp(support.NOW), {}  # type: ignore[var-annotated]
        self.waited = 0.0

    def __call__(self, digest: bytes) -> bytes:
        begin = time.process_time()
        if digest not in self._known:
            self._known[digest] = self._stamp(digest)
        self.waited += time.process_time() - begin
        found: bytes = self._known[digest]
        return found


class _Bench:
    """One document in its states, and both ways to go on."""

    def __init__(self, document: bytes, picture: str) -> None:
        self.world, self.document, self.picture = support.make_world(), document, picture
        self.tokens = _Tokens(self.world)
        agencies = (self.world.root, self.world.first_agency, self.world.second_agency)
        self._certificates = [one.certificate for one in agencies[1:]]
        self._crls = [one.crl(at=support.NOW - support.HOUR) for one in agencies]
        self.once = self._info(own.add_validation_info, self.own_first(stamped=True))

    def _info(self, add: Callable[..., bytes], document: bytes) -> bytes:
        return add(document, certificates=self._certificates, crls=self._crls)

    def own_first(self, *, stamped: bool) -> bytes:
        """The first party's signature, by the product."""
        return self._signed(own, self.document, first=True, stamped=stamped)

    def own_archive(self) -> bytes:
        """The second party's, up to the document time-stamp."""
        signed = self._signed(own, self.once, first=False, stamped=True)
        return own.add_timestamp(self._info(own.add_validation_info, signed), self.tokens)

    def reference_archive(self) -> bytes:
        """The same by the product's other way, which uses pyHanko throughout."""
        signed = self._signed(signing, self.once, first=False, stamped=True)
        return archiving.add_timestamp(
            self._info(validation_info.add_validation_info, signed), self.tokens
        )

    def reference_first(self, *, stamped: bool) -> bytes:
        """The first party's, by pyHanko throughout."""
        return self._signed(signing, self.document, first=True, stamped=stamped)

    def _signed(self, makers: object, document: bytes, *, first: bool, stamped: bool) -> bytes:
        holder = self.world.purchaser if first else self.world.supplier
        prepared = makers.prepare(  # type: ignore[attr-defined]
            document,
            field=support.PURCHASER if first else support.SUPPLIER,
            signer_certificate=holder.certificate,
            chain=holder.chain,
            signing_time_ms=support.NOW,
            seal=support.SEAL,
            reason="签署采购合同",
            first=first,
            all_fields=support.FIELDS if first else (),
        )
        value = support.sign(holder.key, prepared.signed_attributes)
        made: bytes = makers.finish(  # type: ignore[attr-defined]
            prepared, signature_value=value, timestamp=self.tokens if stamped else None
        )
        return made

    def bare(self) -> bytes:
        """A script's B-B signature, told how much room to leave."""
        return documents.bare(self.world, self.document, self.picture, documents.RESERVED)


def measure() -> list[results.Result]:
    """Every level in turn, on the contract; B-B and B-LTA also on one page and on a thousand."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as picture:
        picture.write(appearance.seal_page(support.SEAL))
        picture.flush()
        contract = typeset.render("contract", support.contract_data())
        rates = _rates(_Bench(contract, picture.name), ROUNDS)
        sizes = {
            str(pages): _rates(_Bench(_of_pages(contract, pages), picture.name), 3)
            for pages in (1, 1_000)
        }
    return [_result(name, rates, sizes) for name in _LEVELS]


def _of_pages(contract: bytes, count: int) -> bytes:
    """The contract's last page, with as many copies of its first before it as are wanted."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(contract)) as pdf:
        for _ in range(count - len(pdf.pages)):
            pdf.pages.insert(0, pdf.pages[0])
        while len(pdf.pages) > count:
            del pdf.pages[0]
        pdf.save(out)
    return out.getvalue()


def _rates(bench: _Bench, rounds: int) -> dict[str, list[float]]:
    turns: dict[str, tuple[int, Callable[[], bytes]]] = {
        "pades_bb_own": (OWN, lambda: bench.own_first(stamped=False)),
        "pades_bt_own": (OWN, lambda: bench.own_first(stamped=True)),
        "pades_blta_own": (OWN, bench.own_archive),
        "pades_bb_own, pyHanko": (BARE, bench.bare),
        "pades_bt_own, pyHanko": (BARE, lambda: bench.reference_first(stamped=True)),
        "pades_blta_own, pyHanko": (BARE, bench.reference_archive),
    }
    rates: dict[str, list[float]] = {name: [] for name in turns}
    for turn in range(rounds + 1):
        for name, (count, run) in turns.items():
            bench.tokens.waited = 0.0
            begin = time.process_time()
            for _ in range(count):
                run()
            taken = time.process_time() - begin - bench.tokens.waited
            if turn:
                rates[name].append(count / taken)
    return rates


def _result(
    name: str, rates: dict[str, list[float]], sizes: dict[str, dict[str, list[float]]]
) -> results.Result:
    told = {one: results.rounded(results.median(found)) for one, found in rates.items()}
    return results.Result(
        name=name,
        value=results.median(rates[name]),
        unit="signatures/s",
        baseline=results.median(rates[f"{name}, pyHanko"]),
        options={
            "about": f"{_LEVELS[name]}, a contract of two pages with two fields and a visible seal, P-256,"
            " one core; baseline: pyHanko doing the same",
            "rounds": ROUNDS,
            "clock": "processor time without the authority's",
            "spread": results.spread(rates[name]),
            "ratio_by_pages": {
                pages: results.rounded(
                    results.median(found[name]) / results.median(found[f"{name}, pyHanko"])
                )
                for pages, found in sizes.items()
            },
            "rate_by_pages": {
                pages: results.rounded(results.median(found[name]))
                for pages, found in sizes.items()
            },
            "rates": told,
        },
    )
