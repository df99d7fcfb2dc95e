"""What the folder of such work refuses, and why."""

from __future__ import annotations

from engine.kernel import errors


class RunBusy(errors.Conflict):
    """The run in {path} is going on already. Look at it, or stop it first."""


class RunFolderUnusable(errors.ConfigurationError):
    """The run's folder {file} cannot be used: {problem}"""
