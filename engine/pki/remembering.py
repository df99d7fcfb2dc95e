"""What was worked out of a certificate once, found again by the object.

Hashing and comparing certificates takes tens of microseconds each, which is most of an answer that is kept
ready; `functools.lru_cache` does both at every call.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, cast

from cryptography import x509

T = TypeVar("T")
A = ParamSpec("A")
_MOST = 256


def by_object(
    function: Callable[Concatenate[x509.Certificate, A], T],
) -> Callable[Concatenate[x509.Certificate, A], T]:
    """Remember a function of a certificate and of small plain values beside it, for the last 256."""
    # The certificate is kept too: while it is, no other object has its id.
    known: dict[tuple[object, ...], tuple[x509.Certificate, T]] = {}

    @functools.wraps(function)
    def remembered(certificate: x509.Certificate, *args: A.args, **kwargs: A.kwargs) -> T:
        place = (id(certificate), *args, *kwargs.items())
        found = known.get(place)
        if found is not None and found[0] is certificate:
            return found[1]
        made = function(certificate, *args, **kwargs)
        if len(known) >= _MOST:
            known.clear()
        known[place] = (certificate, made)
        return made

    # The parameter's name is not kept in its type: it is given by place.
    return cast("Callable[Concatenate[x509.Certificate, A], T]", remembered)
