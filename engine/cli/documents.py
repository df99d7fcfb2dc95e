"""`yinxin sign` and `yinxin verify`: a PDF signed by the demonstration enterprise; the verdict on one."""

from __future__ import annotations

import datetime
import enum
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from cryptography import x509

from engine.cli import shell
from engine.kernel import clock, errors, ids

if TYPE_CHECKING:
    from engine.pdf import placing, verification

_ROOT_LIMIT = 1024 * 1024
_PLACE = re.compile(r"([0-9,-]+|all|last)@([0-9]{1,4}),([0-9]{1,4})\Z")


class Level(enum.StrEnum):
    """PAdES baseline levels, least first; the same as `signing.model.Level`, without loading the engine."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


class RootUnreadable(errors.InvalidInput):
    """{path} holds no certificate in PEM or DER."""


def sign(
    source: Annotated[Path, typer.Argument(metavar="IN.pdf", help="The PDF to sign.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.pdf", help="Where the signed PDF goes.")],
    root_out: Annotated[
        Path | None, typer.Option(help="Also write the root certificate (PEM) here.")
    ] = None,
    reason: Annotated[str, typer.Option(help="The reason that the signature states.")] = "",
    place: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PAGES@X,Y",
            help="Set the seal on these pages (1-3,5, all or last), its top left corner so many millimetres"
            " from the page's. May be given several times.",
        ),
    ] = None,
    keyword: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS[#N]",
            help="Set the seal on these words: the first time they stand there, the Nth, or everywhere with"
            " #0. May be given several times.",
        ),
    ] = None,
    seam: Annotated[
        int | None,
        typer.Option(
            metavar="Y", help="Set it across the page edges too, from so many millimetres down."
        ),
    ] = None,
    level: Annotated[
        Level, typer.Option(help="How far the signature can be validated (PAdES baseline).")
    ] = Level.B_LT,
) -> None:
    """Sign any PDF with a demonstration enterprise's certificate and seal (PAdES B-LT).

    The seal stands in the lower right corner of the last page unless told otherwise; time-stamp and
    revocation lists are embedded, so that [bold]yinxin verify[/bold] and other validators need no network.
    A PDF that carries signatures gets one more where those permit it.

    The certificate is by the TEST authority whose root [bold]yinxin samples[/bold] writes as root.pem.
    Its keys come from a known seed: never trust that root outside a test.

    Exit code 2, with the reason and without OUT.pdf, when the file is encrypted, damaged, no PDF, or
    contains what may not be signed (scripts, attachments, links), or has no such place for the seal.

    Example: yinxin sign offer.pdf signed.pdf --keyword 乙方 --seam 120 --level B-LTA
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.cli import demonstration
    from engine.pdf import intake
    from engine.pki import certificates
    from engine.signing import standalone

    shell.quiet()
    with shell.refusals():
        places = _places(place or [], keyword or [], seam)
        document = shell.read(source, intake.MAX_SIZE)
        # Before an authority is made at some expense.
        intake.inspect(document)
        now = clock.SystemClock().now_ms()
        with demonstration.world(now) as world:
            signed = standalone.sign_document(
                document,
                signer=demonstration.signer(world, now, ids.system_entropy),
                validation=demonstration.validation(world, now),
                now_ms=now,
                reason=reason,
                placements=places,
                level=level.value,
            )
            root = certificates.to_pem(world.roots[0])
        if root_out is not None:
            shell.write(root_out, root)
        shell.write(target, signed)
    shell.say("Signed by {name}: {path}", name=demonstration.ENTERPRISE, path=target)


def _places(places: list[str], keywords: list[str], seam: int | None) -> list[placing.Placing]:
    """Where the seal goes, from the options.

    Raises: placing.PlacingMalformed.
    """
    from engine.pdf import placing

    made = []
    for one in places:
        found = _PLACE.match(one)
        if found is None:
            raise placing.PlacingMalformed(problem=one)
        made.append(
            placing.Placing(kind="page", pages=found[1], x_mm=int(found[2]), y_mm=int(found[3]))
        )
    for one in keywords:
        words, mark, number = one.rpartition("#")
        counted = bool(mark) and number.lstrip("-").isdecimal()
        made.append(
            placing.Placing(
                kind="keyword",
                keyword=words if counted else one,
                nth=int(number) if counted else 1,
            )
        )
    if seam is not None:
        made.append(placing.Placing(kind="seam", y_mm=seam))
    return made


def _roots(paths: list[Path]) -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for path in paths:
        content = shell.read(path, _ROOT_LIMIT)
        try:
            if b"-----BEGIN" in content:
                found += x509.load_pem_x509_certificates(content)
            else:
                found.append(x509.load_der_x509_certificate(content))
        except ValueError as problem:
            raise RootUnreadable(path=str(path)) from problem
    return found


def _moment(at: datetime.datetime | None) -> int:
    if at is None:
        return clock.SystemClock().now_ms()
    return clock.from_datetime(at.replace(tzinfo=clock.SHANGHAI))


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE.pdf", help="The PDF to judge.")],
    root: Annotated[
        list[Path],
        typer.Option(help="A root certificate to trust (PEM or DER); may be given several times."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    at: Annotated[
        datetime.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Judge as of this instant (Shanghai time) and not now; for worlds whose clock was"
            " moved.",
        ),
    ] = None,
) -> None:
    """Tell whether a PDF's signatures hold, offline, trusting the given roots alone.

    The verdict is one of
    [bold]valid[/bold] (whole, trusted, not revoked),
    [bold]valid_extended[/bold] (the same, with permitted additions after the last signature),
    [bold]indeterminate[/bold] (intact, but trust or revocation cannot be established here),
    [bold]invalid[/bold] (changed, revoked, malformed) and
    [bold]unsigned[/bold].

    With --json the output is one object with [bold]verdict[/bold], [bold]signatures[/bold] and
    [bold]reasons[/bold] (stable codes); for a file that cannot be read, with [bold]error[/bold]
    (a stable code) and [bold]message[/bold].

    Exit code 0: valid or valid_extended. 1: any other verdict. 2: the file or a root cannot be read.

    Example: yinxin verify signed.pdf --root root.pem --json
    """
    from engine.pdf import verification

    shell.quiet()
    with shell.refusals(as_json=as_json):
        found = verification.verify(
            shell.read(file, verification.MAX_SIZE), roots=_roots(root), at_ms=_moment(at)
        )
    if as_json:
        shell.tell_json(found.to_json())
    else:
        _tell(found)
    good = found.verdict in (verification.VALID, verification.VALID_EXTENDED)
    raise typer.Exit(0 if good else 1)


def _tell(found: verification.Verdict) -> None:
    from engine.pdf import reasons

    shell.say(reasons.VERDICTS[found.verdict])
    for one in found.signatures:
        signed_at = one.timestamp_at or one.signed_at
        moment = "" if signed_at is None else f" {_civil(signed_at)}"
        shell.say(
            "  {name} · {level}{moment}", name=one.signer_name, level=one.level, moment=moment
        )
    for code in found.reasons:
        shell.say(reasons.REASONS[code])


def _civil(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
