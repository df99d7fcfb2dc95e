"""The attack lab: attacks that go through the doors an attacker has, against a demo's own database."""

from collections.abc import Mapping

from engine.boot import World
from simulations.attacks import behind, codes, documents
from simulations.attacks.catalog import Attack, Try, shipped
from simulations.attacks.running import (
    Doing,
    Fact,
    Hall,
    NoSuchAttack,
    OnlyInDemo,
    Result,
    Tried,
)

DOING: Mapping[str, Doing] = {**codes.DOING, **documents.DOING, **behind.DOING}

__all__ = [
    "DOING",
    "Attack",
    "Fact",
    "Hall",
    "NoSuchAttack",
    "OnlyInDemo",
    "Result",
    "Tried",
    "Try",
    "open_hall",
    "run",
    "run_twin",
    "shipped",
]


def open_hall(world: World, attack_id: str, *, seed: int = 0) -> Hall:
    """Everything made ready for an attack.

    Raises: OnlyInDemo, NoSuchAttack.
    """
    return Hall(world, attack_id, DOING, seed)


def run(world: World, attack_id: str, *, seed: int = 0) -> Result:
    """Run an attack, on people made for it; what became of each try.

    Raises: OnlyInDemo, NoSuchAttack.
    """
    hall = open_hall(world, attack_id, seed=seed)
    return Result(attack=hall.attack, tried=tuple(hall.tried()))


def run_twin(world: World, attack_id: str, *, seed: int = 0) -> None:
    """Do the same without the attack, on people made for it.

    Raises: OnlyInDemo, NoSuchAttack; whatever the engine refuses.
    """
    open_hall(world, attack_id, seed=seed).twin()
