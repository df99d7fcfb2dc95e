"""`yinxin ceremony` and `yinxin roots`: the roots of a production world, and changes of keys later on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import shell
from engine.kernel import clock, ids

if TYPE_CHECKING:
    from engine.boot.ceremonies import Held
    from engine.boot.world import WorldFile
    from engine.pki.transcript import Roles

roots = typer.Typer(
    help="Change the keys of a world's authorities, with the root's key out of the safe.",
    no_args_is_help=True,
)
_PASSPHRASE = "YINXIN_ROOT_PASSPHRASE"
_NEXT_PASSPHRASE = "YINXIN_NEXT_ROOT_PASSPHRASE"

Administrator = Annotated[
    str, typer.Option(help="Who types: a full name.", prompt="Administrator", show_default=False)
]
Custodian = Annotated[
    str,
    typer.Option(
        help="Who takes the root's key to the safe.", prompt="Custodian", show_default=False
    ),
]
Witnesses = Annotated[
    list[str] | None, typer.Option("--witness", help="Who watches; at least two, each by name.")
]
Offline = Annotated[
    Path | None,
    typer.Option(help="The folder with the roots' keys; by default offline/ in the world."),
]


def _passphrase(name: str, label: str, *, confirm: bool) -> str:
    """From the environment, or typed unseen; never an argument that other users could list."""
    if given := os.environ.get(name):
        return given
    return str(typer.prompt(label, hide_input=True, confirmation_prompt=confirm, err=True))


def _roles(administrator: str, custodian: str, witnesses: list[str] | None) -> Roles:
    from engine.pki.transcript import LEAST_WITNESSES
    from engine.pki.transcript import Roles as Named

    watching = list(witnesses or ())
    while not witnesses and len(watching) < LEAST_WITNESSES:
        watching.append(str(typer.prompt(f"Witness {len(watching) + 1}", err=True)))
    return Named(administrator=administrator, custodian=custodian, witnesses=tuple(watching))


def _tell(held: Held) -> None:
    """Print the transcript, and its digest for everybody to write down."""
    shell.tell_raw(shell.printable(held.transcript.text))
    shell.say("Read this out and write it down: SHA-256 {digest}", digest=held.transcript.sha256)


def ceremony(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The production world to be.")],
    administrator: Administrator,
    custodian: Custodian,
    witnesses: Witnesses = None,
    world_id: Annotated[
        str | None, typer.Option("--id", help="The world's id; by default the folder's name.")
    ] = None,
    public_url: Annotated[
        str,
        typer.Option(
            help="Where OCSP, CRLs and CA certificates will be found: an http:// address."
        ),
    ] = "http://127.0.0.1:8501",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Rehearse: print everything, keep nothing.")
    ] = False,
) -> None:
    """Hold the key ceremony of a production world: its root and its issuing authorities.

    Administrator, custodian and two witnesses are named. The transcript is printed, with the fingerprint of
    every certificate; everybody writes its SHA-256 down. It is kept in PATH/keys/pki/ceremony.txt with the
    root's signature beside it, and a production world starts with roots of its own ceremony alone.

    The root's key goes to PATH/offline under a passphrase (asked for, or from YINXIN_ROOT_PASSPHRASE):
    move that folder to a medium in a safe. Addresses stand in the certificates, so --id and --public-url
    are final.

    Then: yinxin world make PATH --kind production
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine.boot import ceremonies, tables
    from engine.boot.world import WorldFile as File

    with shell.refusals():
        path = path.absolute()
        if ceremonies.recorded(path) is not None:
            raise ceremonies.CeremonyHeld(path=str(path))
        roles = _roles(administrator, custodian, witnesses)
        now = clock.SystemClock().now_ms()
        file = File(
            id=world_id or path.name,
            kind="production",
            public_url=public_url,
            seed=0,
            engine_version=tables.ENGINE_VERSION,
            database="sqlite",
            reference_ms=now,
        )
        secret = None
        if not dry_run:
            secret = _passphrase(_PASSPHRASE, "Passphrase of the root's key", confirm=True)
            ceremonies.protect(secret)
        held = ceremonies.hold(file, roles=roles, now=now, entropy=ids.system_entropy, dry=dry_run)
        if not dry_run:
            ceremonies.save(path, file, held, secret)
    _tell(held)
    if dry_run:
        shell.say("This was a rehearsal: nothing was written.")
    else:
        shell.say("Move this folder to a medium in a safe: {path}", path=path / "offline")


def _file(path: Path) -> WorldFile:
    from engine.boot.world import WorldFile as File
    from engine.kernel import catalog

    return catalog.load(path / "world.toml", File)


def _secret(file: WorldFile, name: str, label: str, *, confirm: bool) -> str | None:
    """A passphrase; the keys of a demonstration's roots have none, unless one is given."""
    if file.kind != "production" and not os.environ.get(name):
        return None
    return _passphrase(name, label, confirm=confirm)


@roots.command("roll")
def roll(
    administrator: Administrator,
    custodian: Custodian,
    witnesses: Witnesses = None,
    offline: Offline = None,
    world: shell.WorldOption = None,
) -> None:
    """Make the next root, and the certificates by which the old and the new one vouch for each other.

    Whoever trusts either root verifies everything, until the old one expires (RFC 4210 4.4). The
    passphrase of the old root's key is asked for, or taken from YINXIN_ROOT_PASSPHRASE, and that of the new
    one from YINXIN_NEXT_ROOT_PASSPHRASE. Start the world's processes anew afterwards, and give each agency
    new keys when it suits: they will be certified by the new root.

    Example: yinxin roots roll --offline /media/safe --world /srv/yinxin
    """
    from engine.boot import key_changes, keys_kept

    with shell.refusals():
        path = shell.place(world)
        file, roles = _file(path), _roles(administrator, custodian, witnesses)
        secret = _secret(file, _PASSPHRASE, "Passphrase of the old root's key", confirm=False)
        old = keys_kept.offline_root(
            path, file, offline or path / "offline", None if secret is None else secret.encode()
        )
        following = _secret(
            file, _NEXT_PASSPHRASE, "Passphrase of the new root's key", confirm=True
        )
        held = key_changes.roll_root(
            path,
            file,
            old=old,
            roles=roles,
            now=_now(path),
            entropy=ids.system_entropy,
            passphrase=following,
        )
        _log(path, "root.rolled", held)
    _tell(held)
    shell.say("Move this folder to a medium in a safe: {path}", path=path / "offline")
    shell.say("Start the world's processes anew.")


@roots.command("rotate")
def rotate(
    agency: Annotated[str, typer.Argument(help="The agency, such as dongfang.")],
    administrator: Administrator,
    custodian: Custodian,
    witnesses: Witnesses = None,
    offline: Offline = None,
    world: shell.WorldOption = None,
) -> None:
    """Give an agency its next keys, certified by the newest root, and put them on the trust list.

    What the old keys issued stays valid, and they go on answering for it. What is issued after the world's
    processes were started anew comes from the new keys.

    Example: yinxin roots rotate dongfang --offline /media/safe --world /srv/yinxin
    """
    from engine.boot import key_changes, keys_kept

    with shell.refusals():
        path = shell.place(world)
        file, roles = _file(path), _roles(administrator, custodian, witnesses)
        secret = _secret(file, _PASSPHRASE, "Passphrase of the root's key", confirm=False)
        root = keys_kept.offline_root(
            path, file, offline or path / "offline", None if secret is None else secret.encode()
        )
        held = key_changes.rotate_agency(
            path,
            file,
            agency,
            root=root,
            roles=roles,
            now=_now(path),
            entropy=ids.system_entropy,
        )
        _log(path, "authority.rotated", held)
    _tell(held)
    shell.say("Start the world's processes anew.")


@roots.command("renew-list")
def renew_list(
    revoke: Annotated[
        Path | None, typer.Option(help="An authority's certificate that is revoked from now on.")
    ] = None,
    offline: Offline = None,
    world: shell.WorldOption = None,
) -> None:
    """Publish the newest root's next revocation list, which holds for five years.

    With --revoke, an authority or a cross certificate that this root issued is on it: whatever it issued is
    no longer accepted. The passphrase is asked for, or taken from YINXIN_ROOT_PASSPHRASE.

    Example: yinxin roots renew-list --offline /media/safe --world /srv/yinxin
    """
    from engine.boot import key_changes, keys_kept
    from engine.pki import certificates

    with shell.refusals():
        path = shell.place(world)
        file = _file(path)
        ended = None if revoke is None else certificates.from_bytes(shell.read(revoke, 64 * 1024))
        secret = _secret(file, _PASSPHRASE, "Passphrase of the root's key", confirm=False)
        root = keys_kept.offline_root(
            path, file, offline or path / "offline", None if secret is None else secret.encode()
        )
        number = key_changes.renew_root_list(path, root=root, now=_now(path), revoke=ended)
    shell.say(
        "The root's list {number} is published. Start the world's processes anew.", number=number
    )


def _now(path: Path) -> int:
    """The world's own time: a demonstration's clock may have been moved."""
    with shell.opened(path) as found:
        return found.engine.now()


def _log(path: Path, kind: str, held: Held) -> None:
    """Tell the world's log of it, and publish the trust list with what is new."""
    from engine.boot import rotation

    with shell.opened(path) as found:
        rotation.record_ceremony(found, kind=kind, label=held.label, digest=held.transcript.sha256)
