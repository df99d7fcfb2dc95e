"""`yinxin cluster`: the scheduler and the workers of runs on several machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli import shell

cluster = typer.Typer(help="Runs on several machines (the extra cluster).", no_args_is_help=True)

Credentials = Annotated[
    Path, typer.Option("--credentials", help="The folder with ca.pem, node.pem and node.key.")
]
LostAfter = Annotated[
    int, typer.Option(min=12, max=3_600, help="Seconds of silence after which a side is lost.")
]


@cluster.command("credentials")
def make_credentials(
    folder: Annotated[Path, typer.Argument(help="The folder to write them into.")],
) -> None:
    """Make the cluster's own authority and the certificate that its machines use.

    Copy the folder to each machine that takes part, and nowhere else: who has it can have the cluster
    compute anything. The authority's key is thrown away; when a certificate is lost, make all anew.
    """
    from simulations.cluster import credentials

    with shell.refusals():
        credentials.make(folder)
    shell.say("Credentials of a cluster in {path}", path=folder)


@cluster.command()
def scheduler(
    credentials: Credentials,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8786,
    lost_after: LostAfter = 60,
) -> None:
    """Hand the shards of runs out to the workers; TLS only. Ends with Ctrl-C or SIGTERM."""
    from simulations.cluster import serving

    with shell.refusals():
        serving.scheduler(credentials, host, port, lost_after)


@cluster.command()
def worker(
    address: Annotated[str, typer.Argument(help="The scheduler: tls://host:port.")],
    credentials: Credentials,
    host: Annotated[
        str, typer.Option(help="This machine's address for the others; else it is found out.")
    ] = "",
    processes: Annotated[int, typer.Option(min=1, max=1_024, help="Shards at a time.")] = 1,
    lost_after: LostAfter = 60,
) -> None:
    """Compute shards for a scheduler. Run it under a supervisor: who was cut off ends, and starts anew."""
    from simulations.cluster import serving

    with shell.refusals():
        serving.worker(credentials, address, host, processes, lost_after)
