"""`yinxin samples`: one of every artefact that the product makes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import shell
from engine.kernel import clock


def samples(
    out: Annotated[Path, typer.Option(help="The folder to write into; made where it is missing.")],
) -> None:
    """Write one of every artefact that the product makes, with a manifest.

    Two simulated enterprises go the whole line in a world in memory. The folder gets the root's, the
    authorities', an enterprise's and a person's certificate (PEM), CRLs, an OCSP and a time-stamp
    query with their answers, contracts (PAdES B-LT and B-T), a seal (GB/T 38540, PNG, SVG), an invoice,
    an application form, a letter of authorization, and [bold]manifest.json[/bold], which names each file's
    kind, and of each PDF level, signers and verdict.

    The authority is the TEST one of [bold]yinxin sign[/bold], whose keys come from a known seed: never
    trust its root outside a test.

    Example: yinxin samples --out /tmp/samples
    """
    from simulations import samples as taken

    with shell.refusals():
        manifest = taken.write(out, clock.SystemClock().now_ms())
    shell.say("{count} files in {path}", count=len(manifest["files"]) + 1, path=out)
