"""Codes, sessions, tickets and terms: how people come in."""

from __future__ import annotations

from typing import Literal

from engine.kernel import clock
from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting


class SmsCodes(Setting):
    """One-time codes by SMS (ACC-3; `security.md` AUTH-1, AUTH-2)."""

    KIND = "sms_codes"
    lifetime_seconds: int
    gap_seconds: int
    per_day: int
    tries: int
    # Later fields have defaults, so that a version written before them still reads.
    per_hour: int = 5
    address_per_hour: int = 20
    browser_per_hour: int = 5
    alarm_per_hour: int = 5_000
    stop_per_hour: int = 50_000
    challenge_bits: int = 12


class Sessions(Setting):
    """How long a sign-in lasts, by door."""

    KIND = "sessions"
    staff_idle_minutes: int
    staff_hours: int
    handset_days: int
    mall_hours: int
    qr_source_seconds: int
    # Roles whose holders sign in with a second factor; who has none yet sets one up at the door (OPS-7).
    staff_totp_roles: tuple[str, ...] = ()


class Tickets(Setting):
    """QR tickets (LOG-1): 180 s in the guide."""

    KIND = "tickets"
    lifetime_seconds: int
    # The picture changes so often; any picture of a living ticket works.
    picture_seconds: int = 30
    # A browser's oldest open ticket makes room; an address that opens more has to wait.
    open_per_browser: int = 3
    new_per_minute: int = 30
    unknown_per_minute: int = 20
    # So many wrong tries at the two digits end a ticket.
    wrong_numbers: int = 3

    @property
    def lifetime_ms(self) -> int:
        """The lifetime in milliseconds."""
        return self.lifetime_seconds * clock.SECOND

    @property
    def picture_ms(self) -> int:
        """How long one picture is shown, in milliseconds."""
        return self.picture_seconds * clock.SECOND


class PlatformLevel(Declared):
    """What signatures on a platform's contracts are to reach (PAdES baseline)."""

    platform: str
    level: Literal["B-B", "B-T", "B-LT", "B-LTA"]


class SigningRules(Setting):
    """What signatures on contracts are to reach at a platform, and when an archive is renewed (SGN-4).

    `levels` has platforms' own levels; others have the contracts' own.
    """

    KIND = "signing_rules"
    levels: tuple[PlatformLevel, ...] = ()
    renew_before_days: int = 90

    def level_at(self, platform_id: str) -> str | None:
        """A platform's own level, or None where it has none."""
        return next((one.level for one in self.levels if one.platform == platform_id), None)


class Terms(Setting):
    """The terms of use that a person accepts; the version and digest accepted are recorded."""

    KIND = "terms"
    version: str
    text: Text
