"""What a door answers when it refuses: problem+json (RFC 9457) in the reader's language."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.kernel import errors, ids, texts

_log = logging.getLogger(__name__)
_MEDIA_TYPE = "application/problem+json"
# The statuses after which the same request may succeed later (RFC 9110 10.2.3).
_LATER = frozenset({425, 429, 503})


def language_of(request: Request, otherwise: str = "en") -> str:
    """The language of who asks: `?lang=`, or the browser's."""
    asked = request.query_params.get("lang")
    if asked in texts.LANGUAGES:
        return str(asked)
    return texts.best_language(request.headers.get("accept-language", otherwise))


def wait_s(refusal: errors.EngineError) -> int | None:
    """After how many seconds to try again; None where waiting changes nothing."""
    if refusal.http_status not in _LATER:
        return None
    told = refusal.params
    if "seconds" in told:
        return int(told["seconds"])
    if "minutes" in told:
        return int(told["minutes"]) * 60
    return refusal.wait_s


def problem(request: Request, refusal: errors.EngineError) -> Response:
    """A refusal as problem+json: the same refusal of the same request is the same byte for byte."""
    body = {
        "type": f"urn:yinxin:error:{refusal.code}",
        "code": refusal.code,
        "title": texts.of_error(refusal, language_of(request)),
        "status": refusal.http_status,
        "params": dict(sorted(refusal.params.items())),
        "instance": request.url.path,
    }
    if refusal.field:
        body["field"] = refusal.field
    headers = {"cache-control": "no-store"}
    seconds = wait_s(refusal)
    if seconds is not None:
        headers["retry-after"] = str(seconds)
    if refusal.http_status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(
        body, status_code=refusal.http_status, headers=headers, media_type=_MEDIA_TYPE
    )


def unexpected(request: Request) -> Response:
    """A bug, inside a handler of it: an id for the person, the trace for us."""
    incident = ids.token(ids.system_entropy, 9)
    _log.exception("incident %s", incident)
    title = texts.text(
        "Something unexpected happened. Quote this id: {id}", language_of(request), id=incident
    )
    body = {
        "type": "urn:yinxin:error:unexpected",
        "code": "unexpected",
        "title": title,
        "status": 500,
        "params": {},
        "instance": request.url.path,
        "incident": incident,
    }
    return JSONResponse(body, status_code=500, media_type=_MEDIA_TYPE)
