"""`yinxin backup` and `yinxin restore`: a world's folder, and its keys apart under a passphrase."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from engine.cli import event_log, shell

_PASSPHRASE = "YINXIN_PASSPHRASE"


def _passphrase(*, confirm: bool) -> str:
    """From the environment, or typed unseen; never an argument that other users could list."""
    if given := os.environ.get(_PASSPHRASE):
        return given
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def backup(
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new or an empty folder.")],
    world: shell.WorldOption = None,
) -> None:
    """Copy a world, which may be in use, into a new folder.

    TARGET/world holds database, blobs and the head of the log; TARGET/keys.sealed holds the keys under a
    passphrase (asked for, or from YINXIN_PASSPHRASE) and belongs elsewhere: one without the other is of no
    use to anybody. The root's key in the world's offline folder is not copied. A PostgreSQL database is
    copied by its own tools.

    Example: yinxin backup /mnt/backup/2026-11-24
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.boot import backup as copies

    with shell.refusals(), shell.opened(world) as found:
        done = copies.backup(found, target.absolute(), _passphrase(confirm=True))
    shell.say(
        "{count} files of {world}, up to event {seq}",
        count=done.files,
        world=done.world_id,
        seq=done.head.seq,
    )
    shell.say("Keep this file elsewhere: {path}", path=target / "keys.sealed")


def restore(
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A backup's folder.")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", help="A new folder for the world.")],
    keys: Annotated[
        Path | None, typer.Option(help="Where keys.sealed is kept; by default in SOURCE.")
    ] = None,
    head: Annotated[
        Path | None,
        typer.Option(help="A head kept after the backup: tells how many events are lost."),
    ] = None,
) -> None:
    """Make a world out of a backup, and check the chain of its log.

    A backup that was changed, or a wrong passphrase, is refused and leaves nothing behind.

    Example: yinxin restore /mnt/backup/2026-11-24 data/var/restored --keys /mnt/safe/keys.sealed
    """
    from engine.boot import backup as copies

    with shell.refusals():
        known = None if head is None else event_log.read_head(head)[1]
        done = copies.restore(
            source.absolute(),
            target.absolute(),
            _passphrase(confirm=False),
            keys=keys,
            known_head=known,
        )
    shell.say(
        "{world} up to event {seq} in {path}", world=done.world_id, seq=done.head.seq, path=target
    )
    if done.missing:
        shell.say("{count} later events are not in this backup.", count=done.missing)
    shell.say("Open it with: {command}", command=f"yinxin serve --world {target.absolute()}")
