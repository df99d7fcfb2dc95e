"""Where the parts are joined, and nowhere else: worlds are made and opened, reactions listed."""

from engine.boot import tables
from engine.boot.world import World
from engine.boot.worlds import (
    create_world,
    current,
    memory_world,
    open_world,
    worlds,
)

__all__ = [
    "World",
    "create_world",
    "current",
    "memory_world",
    "open_world",
    "tables",
    "worlds",
]
