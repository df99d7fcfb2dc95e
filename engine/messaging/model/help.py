"""What is told to everybody: announcements, the hotline, the guide."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.catalog import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An announcement that holds today."""

    name: str
    title: Text
    text: Text
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A way to get the app on one system: where to look, for what, and which button to press."""

    system: str
    label: Text
    store: Text
    search: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A chapter of the guide, with what it says step by step."""

    slug: str
    title: Text
    steps: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the hotline answers: ISO weekdays and the times of a day, statutory holidays excepted."""

    weekdays: tuple[int, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """How to reach us and how to get the app (HLP-1). `site_url` opens the phone of this world."""

    hotline: str
    hours: Hours
    open_now: bool
    next_change_at: int
    downloads: tuple[Download, ...]
    site_button: str
    site_url: str
    guide: tuple[Guide, ...]
