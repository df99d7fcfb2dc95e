"""`yinxin evidence`: make the evidence of a contract, and verify a pack offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509

from engine.cli import shell
from engine.kernel import errors

evidence = typer.Typer(
    help="Evidence of a contract: from a seal on a page back to everything behind it.",
    no_args_is_help=True,
)
_LIMIT = 256 * 1024 * 1024


class NoPack(errors.InvalidInput):
    """{path} is no evidence pack: {problem}"""


class KeyMalformed(errors.InvalidInput):
    """A log's key has 64 hexadecimal digits, as “evidence-key.txt” of its platform says."""


@evidence.command("make")
def make(
    contract: Annotated[str, typer.Argument(help="The contract's id or its number.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.zip", help="Where the pack goes.")],
    world: shell.WorldOption = None,
) -> None:
    """Make the evidence pack of a contract that somebody has signed.

    Contract, certificates, seals, reviews, digests of papers, proof of the name, PIN, QR code, payment,
    invoice, and the extracts of the log that say so, with a verifier in one Python file.

    Example: yinxin evidence make HT-001 evidence.zip --world /srv/yinxin
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.boot import proving, tables
    from engine.evidence import packing
    from engine.signing import queries as contracts

    with shell.refusals(), shell.opened(world) as found:
        known = found.engine.ask(contracts.by_number, tables.INSIDE, contract)
        contract_id = known[0].id if known else contract
        shell.write(target, proving.evidence_pack(found, tables.INSIDE, contract_id))
        key = packing.log_key(found.keyring).hex()
    shell.say("{path} is signed by the log's key {key}", path=target, key=key)


@evidence.command("verify")
def verify(
    pack: Annotated[Path, typer.Argument(metavar="PACK.zip", help="The evidence pack.")],
    root: Annotated[
        list[Path] | None,
        typer.Option(help="A root certificate to trust (PEM); may be given several times."),
    ] = None,
    key: Annotated[str, typer.Option(help="The log's public key, 64 hexadecimal digits.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Verify an evidence pack offline, as the verify.py inside it does.

    Every finding is one line. A byte that was changed is named with its file and offset. Without --root
    and --key the anchors are the pack's own, which proves only that it is whole and consistent.

    Exit code 0: everything holds. 1: something does not. 2: this is no evidence pack.

    Example: yinxin evidence verify evidence.zip --root root.pem --key 5d41…
    """
    from engine.evidence.verifier import command

    with shell.refusals(as_json=as_json):
        data = shell.read(pack, _LIMIT)
        roots = [
            one
            for path in root or ()
            for one in x509.load_pem_x509_certificates(shell.read(path, 1024 * 1024))
        ]
        try:
            wanted = bytes.fromhex(key) or None
        except ValueError as problem:
            raise KeyMalformed from problem
        try:
            lines = command.check(data, roots=roots, key=wanted)
        except ValueError as problem:
            raise NoPack(path=str(pack), problem=str(problem)) from problem
    good = all(holds for holds, _, _ in lines)
    if as_json:
        found = [{"holds": holds, "where": where, "told": told} for holds, where, told in lines]
        shell.tell_json({"good": good, "lines": found})
    else:
        for holds, where, told in lines:
            shell.tell_raw(f"{'ok  ' if holds else 'FAIL'} {where}: {told}\n")
        shell.say("Everything holds." if good else "Something does not hold.")
    raise typer.Exit(0 if good else 1)
