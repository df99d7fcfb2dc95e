"""Ed25519 signatures verified in plain Python (RFC 8032 5.1.7), for whoever has nothing but Python."""

from __future__ import annotations

import hashlib

_Point = tuple[int, int, int, int]
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_NEUTRAL: _Point = (0, 1, 1, 0)


def _sum(first: _Point, second: _Point) -> _Point:
    a = (first[1] - first[0]) * (second[1] - second[0]) % _P
    b = (first[1] + first[0]) * (second[1] + second[0]) % _P
    c = 2 * first[3] * second[3] * _D % _P
    d = 2 * first[2] * second[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar: int, point: _Point) -> _Point:
    made = _NEUTRAL
    while scalar:
        if scalar & 1:
            made = _sum(made, point)
        point = _sum(point, point)
        scalar >>= 1
    return made


def _point(encoded: bytes) -> _Point | None:
    """The point that 32 bytes name, or None (RFC 8032 5.1.3)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = _point(_BASE_Y.to_bytes(32, "little")) or _NEUTRAL


def _encoded(point: _Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def signed_by(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the private half of `key` (32 bytes) made `signature` (64 bytes) of `message`."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, scalar = _point(key), int.from_bytes(signature[32:], "little")
    if public is None or scalar >= _ORDER:
        return False
    told = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(told, "little") % _ORDER
    minus: _Point = (_P - public[0], public[1], public[2], _P - public[3])
    return _encoded(_sum(_times(scalar, _BASE), _times(challenge, minus))) == signature[:32]
