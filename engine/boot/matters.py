"""What is unfinished of a person, stage by stage, for who answers their call (OPS-8): a literal table."""

from __future__ import annotations

from collections.abc import Sequence

from engine.delivering import matters as delivering
from engine.invoicing import matters as invoicing
from engine.issuing import matters as issuing
from engine.kernel import notes
from engine.ordering import matters as ordering
from engine.registration import matters as registration
from engine.sealing import matters as sealing
from engine.signing import matters as signing
from engine.subscribing import matters as subscribing

MATTERS: Sequence[notes.Matters] = (
    registration.MATTERS,
    ordering.MATTERS,
    issuing.MATTERS,
    sealing.MATTERS,
    signing.MATTERS,
    subscribing.MATTERS,
    invoicing.MATTERS,
    delivering.MATTERS,
)
