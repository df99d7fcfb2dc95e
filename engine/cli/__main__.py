"""`python -m engine.cli`: the engine's commands without the simulations."""

from engine.cli import app

app()
