"""A call: somebody's number came in, and a member of staff tells them how things stand (OPS-8).

Looking somebody up begins the call, so that no look goes unrecorded; it stays open for an hour to the one
who answers it. Personal values are masked, and nothing here shows them in full. What is said of a matter
is data; when it should be done is the due of the review that it waits for, or how long the last ones
like it took. A review that is late can be hurried along (催办), once an office hour.
"""

from __future__ import annotations

import datetime
import enum
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel import clock
from engine.kernel.catalog import Text
from engine.kernel.notes import Matter, Mover
from engine.kernel.workflow import Workflow
from engine.policies.model import CallRules, CallSaying


class CallStatus(enum.StrEnum):
    """Where a call stands."""

    OPEN = "open"  # whoever answers it tells the caller and logs it
    LOGGED = "logged"
    DROPPED = "dropped"  # the same member of staff began another one and logged nothing of this


_S = CallStatus
CALL = Workflow(
    "call",
    _S.OPEN,
    {
        _S.OPEN: {"log": _S.LOGGED, "drop": _S.DROPPED},
        _S.LOGGED: {},
        _S.DROPPED: {},
    },
)


class Way(enum.StrEnum):
    """By what a caller was looked up."""

    PHONE = "phone"
    RESIDENT_ID = "resident_id"
    ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMatter:
    """A matter that a call was about, as it stood then."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call. `phone` (of a number that no account has), `said` and `note` are ciphertexts.

    `subject_id` is whose key they are under: the caller's, or one made for an unknown caller.
    """

    id: str
    staff_id: str
    account_id: str | None
    subject_id: str
    way: Way
    status: CallStatus
    phone: bytes | None
    matters: tuple[CallMatter, ...]
    urged: tuple[str, ...]
    said: bytes | None
    note: bytes | None
    began_at: int
    logged_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A matter as it is told to the caller, in both languages, with what can be done for them.

    `expected_at` is when it should be done, where that can be said; a late one has passed it. `expected`
    is the same as one says it.
    """

    matter: Matter
    mover: Mover
    title: Text
    stands: Text
    next: Text
    say: Text
    case_id: str
    expected_at: int | None
    expected: Text
    late: bool
    held: bool
    urged_at: int | None
    urged_count: int
    may_urge: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """An earlier call of the same person, as whoever answers now may read it."""

    id: str
    staff: str
    matters: tuple[CallMatter, ...]
    urged: int
    said: str
    note: str
    logged_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, masked, and what of theirs is unfinished; without an account the call alone."""

    call: Call
    phone: str
    name: str
    status: str
    since: int | None
    enterprises: tuple[str, ...]
    matters: tuple[Told, ...]
    calls: tuple[PastCall, ...]
    greeting: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a matter beside what its stage says: the review it waits for, as it is now."""

    case_id: str = ""
    expected_at: int | None = None
    late: bool = False
    held: bool = False
    urged_at: int | None = None
    urged_count: int = 0
    may_urge: bool = False


def usual_ms(lately: Sequence[int], at_least: int) -> int | None:
    """How long something usually takes: the median of the last ones, where they are enough to say so."""
    return int(statistics.median(lately)) if len(lately) >= at_least else None


_DAYS = "一二三四五六日"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_ZH_NEAR = {-1: "昨天", 0: "今天", 1: "明天"}
_EN_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def spoken(at_ms: int, now: int) -> Text:
    """An instant as one says it on the phone: today at 10:30, or the day with its weekday."""
    moment = datetime.datetime.fromtimestamp(at_ms / 1000, clock.SHANGHAI)
    near = (moment.date() - clock.civil_date(now)).days
    time = f"{moment:%H:%M}"
    if near in _ZH_NEAR:
        return Text(zh=f"{_ZH_NEAR[near]}{time}", en=f"{_EN_NEAR[near]} at {time}")
    year = moment.year != clock.civil_date(now).year
    zh = f"{moment.month}月{moment.day}日（周{_DAYS[moment.weekday()]}）{time}"
    en = f"{_WEEKDAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]}"
    return Text(
        zh=f"{moment.year}年{zh}" if year else zh,
        en=f"{en}{f' {moment.year}' if year else ''} at {time}",
    )


def _filled(text: Text, **params: Text | str | int) -> Text:
    zh = {k: v.zh if isinstance(v, Text) else v for k, v in params.items()}
    en = {k: v.en if isinstance(v, Text) else v for k, v in params.items()}
    return Text(zh=text.zh.format(**zh), en=text.en.format(**en))


def _joined(*texts: Text) -> Text:
    return Text(zh="".join(one.zh for one in texts), en=" ".join(one.en for one in texts))


def told(
    matter: Matter,
    mover: Mover,
    standing: Standing,
    saying: CallSaying,
    rules: CallRules,
    now: int,
) -> Told:
    """A matter in words: where it stands, what comes next, and the sentence to say."""
    nothing = Text(zh="", en="")
    fields: dict[str, Text | str | int] = {
        "name": matter.name,
        "number": matter.number,
        "since": spoken(matter.since, now),
        "until": nothing if matter.until is None else spoken(matter.until, now),
    }
    ends: list[Text] = []
    if standing.held:
        ends.append(rules.held)
    elif standing.expected_at is not None:
        end = rules.late if standing.late else rules.expected
        ends.append(_filled(end, time=spoken(standing.expected_at, now)))
        if standing.late and standing.may_urge:
            ends.append(rules.offer)
    if standing.urged_at is not None:
        time = spoken(standing.urged_at, now)
        ends.append(_filled(rules.urged, time=time, count=standing.urged_count))
    return Told(
        matter=matter,
        mover=mover,
        title=_filled(saying.title, **fields),
        stands=_filled(saying.stands, **fields),
        next=_filled(saying.next, **fields),
        say=_joined(_filled(saying.say, **fields), *ends),
        case_id=standing.case_id,
        expected_at=standing.expected_at,
        expected=nothing if standing.expected_at is None else spoken(standing.expected_at, now),
        late=standing.late,
        held=standing.held,
        urged_at=standing.urged_at,
        urged_count=standing.urged_count,
        may_urge=standing.may_urge,
    )
