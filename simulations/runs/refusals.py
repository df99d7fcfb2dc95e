"""What a run's folder refuses, and why."""

from __future__ import annotations

from engine.kernel import errors


class NoRun(errors.NotFound):
    """There is no run in {path}."""


class OtherPlan(errors.Conflict):
    """{path} holds a run with another plan ({differs}). Choose another folder."""


class CodeChanged(errors.Conflict):
    """The program has changed since the run in {path} began, so that what is missing would not fit what is
    there. Begin the run anew in another folder."""


class NoClusterHere(errors.ConfigurationError):
    """A run on a cluster needs the extra of that name. Install it with: pip install 'yinxin[cluster]'"""


class ClusterUnreachable(errors.ProviderUnavailable):
    """Nobody of the cluster answers at {address} ({why}). Check the scheduler and the credentials."""
