"""A person's messages and to-dos, what is announced, and where help is to be had."""

from __future__ import annotations

import collections
import datetime
import functools

from engine.kernel import actors, calendar, catalog, clock, paging
from engine.kernel.reader import Reader
from engine.messaging import model, store
from engine.policies import model as policies

_NEWEST = paging.Window(limit=50)
_GUIDE = catalog.DATA / "guide" / "steps.toml"


def mine(q: Reader, *, category: str = "", window: paging.Window = _NEWEST) -> list[model.Shown]:
    """The signed-in person's messages, newest first, of one category where it is given (MSG-1)."""
    if not isinstance(q.actor, actors.Person):
        return []
    kinds = store.kinds_of(category) if category else None
    if kinds == []:
        return []
    found = store.of_account(q, q.actor.account_id, kinds, window)
    return [_shown(message) for message in found]


def _shown(message: model.Message) -> model.Shown:
    place = model.place_of(message.kind)
    return model.Shown(
        id=message.id,
        account_id=message.account_id,
        kind=message.kind,
        category=place.category,
        link=place.link(message.subject, message.params),
        params=message.params,
        subject=message.subject,
        todo=message.todo,
        open_todo=int(message.todo == 1 and message.done_at is None),
        created_at=message.created_at,
        read_at=message.read_at,
        done_at=message.done_at,
    )


def summary(q: Reader) -> dict[str, model.Counts]:
    """Unread messages and open to-dos of the signed-in person by category, every category listed."""
    counted = dict.fromkeys(map(str, model.Category), model.Counts())
    if isinstance(q.actor, actors.Person):
        for kind, unread, todo in store.counts(q, q.actor.account_id):
            category = model.place_of(kind).category.value
            before = counted[category]
            counted[category] = model.Counts(unread=before.unread + unread, todo=before.todo + todo)
    return counted


def told_about(q: Reader, subject: str, kind: str) -> collections.Counter[str]:
    """How many messages of a kind about a subject were sent to each account."""
    return collections.Counter(store.told_about(q, subject, kind))


def announcements(q: Reader) -> list[model.Notice]:
    """What is announced today, the newest first; anybody may read it (HLP-1)."""
    today = clock.civil_date(q.now)
    holding = [
        (name, one)
        for name, one in q.policies(policies.Announcement).items()
        if one.starts_on <= today and (one.ends_on is None or today <= one.ends_on)
    ]
    holding.sort(key=lambda found: (found[1].starts_on, found[0]), reverse=True)
    return [
        model.Notice(
            name=name,
            title=one.title,
            text=one.text,
            starts_on=one.starts_on.isoformat(),
            ends_on="" if one.ends_on is None else one.ends_on.isoformat(),
        )
        for name, one in holding
    ]


def help(q: Reader) -> model.Help:
    """The hotline with its hours and whether anybody answers now, the downloads, and the guide (HLP-1)."""
    told = q.policy(policies.Help)
    office = calendar.china()
    return model.Help(
        hotline=told.hotline,
        hours=model.Hours(
            weekdays=office.hours.weekdays, start=office.hours.start, end=office.hours.end
        ),
        open_now=office.is_open(q.now),
        next_change_at=next_change(office, q.now),
        downloads=tuple(
            model.Download(
                system=one.system,
                label=one.label,
                store=one.store,
                search=told.store_search,
                button=one.button,
            )
            for one in told.downloads
        ),
        site_button=told.site_button,
        site_url=f"{q.parts.public_url}/w/{q.parts.world_id}/phone",
        guide=_guide(),
    )


def next_change(office: calendar.Calendar, now: int) -> int:
    """The next instant at which the office opens or closes.

    Raises: calendar.CalendarEnds.
    """
    day = clock.civil_date(now)
    while True:
        for instant in office.window(day) or ():
            if instant > now:
                return instant
        day += datetime.timedelta(days=1)


@functools.cache
def _guide() -> tuple[model.Guide, ...]:
    tables = catalog.read(_GUIDE)
    steps: dict[str, list[catalog.Text]] = {}
    for step in tables["step"]:
        slug = step["id"].split("-")[1]
        steps.setdefault(slug, []).append(catalog.Text(**step["asks"]))
    return tuple(
        model.Guide(
            slug=one["slug"],
            title=catalog.Text(**one["title"]),
            steps=tuple(steps.get(one["slug"], ())),
        )
        for one in tables["function"]
    )
