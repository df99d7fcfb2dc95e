"""Questions that can be asked by GET: their arguments are ids and choices of ours, and nobody's values.

An address is written down by proxies and browsers. So a name, a number, a text or a secret goes in the body
of a POST, by which every question can be asked; what is left may be asked by GET too, and is answered with
304 where the reader has the answer already.
"""

from __future__ import annotations

import json
import re
import typing
from typing import Any, Literal

from starlette.datastructures import QueryParams
from starlette.requests import Request

from engine.http import arguments, beside, lists
from engine.http.routing import Route
from engine.kernel import errors

_WORDS = frozenset(
    {
        *("after", "before", "business", "business_date", "category", "group", "kind", "limit"),
        *("order_kind", "page", "parent", "place", "product", "settled", "small", "status"),
        *("subject", "tab", "account", "counted"),
    }
)
_SIMPLE = (str, int, bool, type(None))
_LANGUAGE = "lang"


class GivenTwice(errors.InvalidInput):
    """{name} stands in the address more than once."""


def _simple(kind: Any) -> bool:
    if typing.get_origin(kind) is Literal:
        return True
    parts = typing.get_args(kind)
    if typing.get_origin(kind) is typing.Annotated:
        return _simple(parts[0])
    return kind in _SIMPLE or (bool(parts) and all(one in _SIMPLE for one in parts))


def by_get(route: Route) -> bool:
    """Whether a question can be asked by GET."""
    if route.changes or route.paced or route.name in beside.OFFERED:
        return False
    model = arguments.model_of(route.function, lists.wanted(route))
    fields = model.model_fields
    named = all(name in _WORDS or name.endswith("_id") for name in fields)
    kinds = typing.get_type_hints(model, include_extras=True)
    # What anybody may ask with an id is asked by who knows the id: it is a secret.
    known = route.who != "anybody" or not fields
    return named and known and all(_simple(kinds[name]) for name in fields)


def read(route: Route, query: QueryParams) -> dict[str, Any]:
    """The arguments that an address holds, as JSON values.

    Raises: GivenTwice.
    """
    model = arguments.model_of(route.function, lists.wanted(route))
    kinds = typing.get_type_hints(model)
    given: dict[str, Any] = {}
    for name, text in query.multi_items():
        if name == _LANGUAGE and name not in kinds:
            continue
        if name in given:
            raise GivenTwice(field=name[:64], name=name[:64])
        given[name] = _value(text, kinds.get(name, str))
    return given


def _value(text: str, kind: Any) -> Any:
    """A text as what its argument is: numbers and yes or no as JSON writes them."""
    if kind is bool and text in ("true", "false"):
        return json.loads(text)
    if kind is int and re.fullmatch(r"-?[0-9]{1,18}", text):
        return int(text)
    return text


def from_own_page(request: Request) -> bool:
    """Whether a browser says of a GET, which names no origin, that our own page asks."""
    asked = request.method in ("GET", "HEAD")
    return asked and request.headers.get("sec-fetch-site") == "same-origin"
