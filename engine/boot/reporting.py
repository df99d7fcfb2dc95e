"""Reports of signing out of a world: the contract's facts, and its document judged by what is trusted."""

from __future__ import annotations

from dataclasses import dataclass

from engine.boot import examining
from engine.boot.world import World
from engine.kernel import actors
from engine.signing import queries as contracts
from engine.signing import reporting


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report and how its file is called."""

    content: bytes
    name: str


def signing_report(
    world: World,
    actor: actors.Actor,
    contract_id: str,
    *,
    language: str = "zh_CN",
    attached: bool = False,
) -> Report:
    """The signing report of a contract, for who may see it; with the contract in it when `attached`.

    Raises: NotFound, MayNot, TooBusy.
    """
    document = world.engine.ask(contracts.document, actor, contract_id)
    told = examining.examine(world, document)
    facts = world.engine.ask(reporting.facts, actor, contract_id, told, language, attached=attached)
    made = reporting.render(facts)
    number = "".join(c for c in str(facts["number"]) if c.isalnum() or c in "-_")
    if attached:
        made = reporting.around(
            made, document, name=f"{number}.pdf", made_at=int(str(facts["issued_at"]))
        )
    return Report(content=made, name=f"signing-report-{number}.pdf")
