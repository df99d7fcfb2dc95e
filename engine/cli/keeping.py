"""`yinxin world make`: a new world."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import Annotated

import typer

from engine.cli import shell
from engine.kernel import actors, errors, ids

world = typer.Typer(help="Make worlds: folders that hold all of a platform.", no_args_is_help=True)
_PASSWORD_BYTES = 12


class Kind(enum.StrEnum):
    """The kinds of world that a person makes; it is written once."""

    DEMO = "demo"
    PRODUCTION = "production"


class OtherAddress(errors.ConfigurationError):
    """The certificates of this ceremony point to {held}, not to {wanted}. Hold it anew elsewhere."""


def _agreed(path: Path, world_id: str | None, public_url: str | None) -> tuple[str, str | None]:
    """Id and address of a world: as the ceremony fixed them, where one was held.

    Raises: OtherAddress.
    """
    from engine.boot import ceremonies

    held = ceremonies.recorded(path)
    if held is None:
        return world_id or path.name, public_url
    for wanted, fixed in ((world_id, held.id), (public_url, held.public_url)):
        if wanted is not None and wanted != fixed:
            raise OtherAddress(file="ceremony.toml", problem="", held=fixed, wanted=wanted)
    return held.id, held.public_url


@world.command("make")
def make(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A new folder.")],
    kind: Annotated[Kind, typer.Option(help="What it is for; written once.")] = Kind.DEMO,
    world_id: Annotated[
        str | None,
        typer.Option("--id", help="Its id in every address; by default the folder's name."),
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Where it will be found; by default on this machine alone.")
    ] = None,
    database: Annotated[
        str, typer.Option(help="sqlite (embedded), or a postgresql:// URL.")
    ] = "sqlite",
) -> None:
    """Make an empty world, and an administrator whose password is shown once.

    A demo world gets its own TEST root, and its clock can be moved forward. A production world has the
    machine's clock alone and needs [bold]yinxin ceremony PATH[/bold] first. For a demo world with people
    in it there is [bold]yinxin make demo[/bold]. Exit code 2 when the folder holds a world already.

    Example: yinxin world make data/var/mine --kind demo
    """
    # Here, because the whole engine would be loaded for every other command too.
    from engine import boot
    from engine.boot.worlds import DEFAULT_URL
    from engine.staffing import actions as staffing
    from engine.staffing.model import Role

    with shell.refusals():
        path = path.absolute()
        the_id, url = _agreed(path, world_id, public_url)
        boot.create_world(
            path, kind=kind.value, world_id=the_id, public_url=url or DEFAULT_URL, address=database
        )
        password = ids.token(ids.system_entropy, _PASSWORD_BYTES)
        with shell.opened(path) as made:
            made.engine.perform(
                staffing.create_staff,
                {
                    "login": "admin",
                    "name": "管理员",
                    "password": password,
                    "roles": (Role.ADMINISTRATOR,),
                },
                actor=actors.System(job="setup"),
            )
    shell.say("A {kind} world in {path}", kind=kind.value, path=path)
    shell.say("Login admin, password (shown once): {password}", password=password)
    shell.say("Open it with: {command}", command=f"yinxin serve --world {path}")
