"""What a door answers when it refuses: problem+json (RFC 9457) in the reader's language."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.kernel import errors, ids, texts

_log = logging.getLogger(__name__)
_MEDIA_TYPE = "application/problem+json"


def language_of(request: Request, otherwise: str = "en") -> str:
    """The language of who asks: `?lang=`, or the browser's."""
    asked = request.query_params.get("lang")
    if asked in texts.LANGUAGES:
        return str(asked)
    return texts.best_language(request.headers.get("accept-language", otherwise))


def problem(request: Request, refusal: errors.EngineError) -> Response:
    """A refusal as problem+json."""
    body = {
        "type": f"urn:yinxin:error:{refusal.code}",
        "code": refusal.code,
        "title": texts.of_error(refusal, language_of(request)),
        "status": refusal.http_status,
        "params": refusal.params,
    }
    if refusal.field:
        body["field"] = refusal.field
    return JSONResponse(body, status_code=refusal.http_status, media_type=_MEDIA_TYPE)


def unexpected(request: Request) -> Response:
    """A bug, inside a handler of it: an id for the person, the trace for us."""
    incident = ids.token(ids.system_entropy, 9)
    _log.exception("incident %s", incident)
    title = texts.text(
        "Something unexpected happened. Quote this id: {id}", language_of(request), id=incident
    )
    body = {"code": "unexpected", "title": title, "status": 500, "incident": incident}
    return JSONResponse(body, status_code=500, media_type=_MEDIA_TYPE)
