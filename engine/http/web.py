"""All routes of the process beside Streamlit's own."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from engine.http import api, live, services, staff


def all_routes() -> list[BaseRoute]:
    """Sign-in, the public services of the PKI, files, and the JSON API."""
    return [
        Route("/login", staff.login_page, methods=["GET"]),
        Route("/sign-in", staff.sign_in, methods=["POST"]),
        Route("/logout", staff.sign_out, methods=["GET", "POST"]),
        Route("/w/{world}/ocsp/{ca}", services.ocsp, methods=["POST"]),
        Route("/w/{world}/ocsp/{ca}/{request:path}", services.ocsp, methods=["GET"]),
        Route("/w/{world}/crl/{ca}.crl", services.crl, methods=["GET"]),
        Route("/w/{world}/ca/{ca}.cer", services.ca_certificate, methods=["GET"]),
        Route("/w/{world}/tsa", services.timestamp, methods=["POST"]),
        Route("/w/{world}/media/{blob}", services.media, methods=["GET"]),
        Route("/w/{world}/events", live.stream, methods=["GET"]),
        Route("/w/{rest:path}", services.not_found, methods=["GET", "POST"]),
        *api.endpoints(),
    ]
