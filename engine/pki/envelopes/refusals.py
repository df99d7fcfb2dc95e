"""Why an envelope is not opened."""

from __future__ import annotations

from engine.kernel import errors


class EnvelopeRefused(errors.InvalidInput):
    """This is no envelope that can be read here: {problem}."""


class NotForThisCertificate(errors.InvalidInput):
    """This was encrypted for other certificates than this one."""


class RecipientUnusable(errors.InvalidInput):
    """Nothing can be encrypted for this certificate: {problem}."""
