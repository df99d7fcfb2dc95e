"""Who is on the trust list of mutual recognition (PKI-4)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class RecognizedAgency(Setting):
    """A certification authority whose certificates count on every platform, wherever they were issued.

    Its versions are the course of its status: each holds from its effective date. Without certificates it
    is an agency whose keys this world knows: one of its own, or a simulated one outside.
    """

    KIND = "recognized_agency"
    NAMED = True
    label: Text
    organization: str
    code: str
    status: Literal["granted", "suspended", "withdrawn"]
    # Of its issuing authorities, in PEM, where they are not known here.
    certificates: tuple[str, ...] = Field(default=())
