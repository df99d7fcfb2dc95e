"""Which tables and columns reports are asked of: none of them personal."""

from __future__ import annotations

from engine.reports.copies.business import BUSINESS
from engine.reports.copies.desk import DESK
from engine.reports.copies.model import ACCOUNTS, Copy

__all__ = ["ACCOUNTS", "COPIES", "Copy"]

COPIES: tuple[Copy, ...] = (*BUSINESS, *DESK)
