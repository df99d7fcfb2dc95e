"""Trading zones (交易专区) as a person sees them (ACC-9)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.mall import model, store
from engine.policies import model as policies
from engine.registration import queries as people


def zones(q: Reader, *, text: str = "") -> list[model.ZoneShown]:
    """Zones whose name, text or platforms hold the text, in either language; all without a text."""
    wanted = text.strip().lower()
    known = q.policies(policies.Platform)
    mine = {one.zone_id: one for one in store.zones_of(q, people.person(q).account_id)}
    return [
        _shown(zone_id, zone, known, mine.get(zone_id))
        for zone_id, zone in q.policies(policies.Zone).items()
        if wanted in _words(zone, known)
    ]


def my_zones(q: Reader) -> list[model.ZoneShown]:
    """The zones that the signed-in person follows, first joined first."""
    known, all_zones = q.policies(policies.Platform), q.policies(policies.Zone)
    return [
        _shown(one.zone_id, all_zones[one.zone_id], known, one)
        for one in store.zones_of(q, people.person(q).account_id)
    ]


def zone(q: Reader, zone_id: str) -> policies.Zone:
    """One zone.

    Raises: NotFound.
    """
    found = q.policies(policies.Zone).get(zone_id)
    if found is None:
        raise errors.NotFound(what="trading zone")
    return found


def _words(zone: policies.Zone, known: dict[str, policies.Platform]) -> str:
    labels = [known[platform].label for platform in zone.platforms if platform in known]
    texts = [one for label in (zone.label, zone.text, *labels) for one in (label.zh, label.en)]
    return "\n".join(texts).lower()


def _shown(
    zone_id: str,
    zone: policies.Zone,
    known: dict[str, policies.Platform],
    mine: model.ZoneMembership | None,
) -> model.ZoneShown:
    return model.ZoneShown(
        id=zone_id,
        label=zone.label,
        text=zone.text,
        open=zone.open,
        platforms=tuple(
            model.ZonePlatform(id=platform, label=known[platform].label, open=known[platform].open)
            for platform in zone.platforms
            if platform in known
        ),
        joined=mine is not None,
        default=mine is not None and mine.preferred == 1,
        since=None if mine is None else mine.created_at,
    )
