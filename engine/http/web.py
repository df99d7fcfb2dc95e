"""All routes of the process beside Streamlit's own."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from engine.http import (
    api,
    app_files,
    apps,
    bulk_files,
    contract_papers,
    handing_over,
    live,
    log_papers,
    mall_door,
    page_pictures,
    phones,
    record_files,
    report_files,
    services,
    staff,
    staff_steps,
    ticket_live,
    troubles,
    verification,
)

_PHONE = "/w/{world}/phone/{slot}"
_MALL = "/w/{world}/mall/{platform}"
_PAGE = "/contracts/{contract}/pages/{page:int}"
_TO_SIGN = "/tickets/{ticket}/pages/{page:int}"


def _apps() -> list[BaseRoute]:
    """The handset and the mall: their files, their pages, their gateways."""
    return [
        Route("/apps/{path:path}", app_files.static, methods=["GET"]),
        Route("/w/{world}/phone", apps.phone, methods=["GET"]),
        Route("/w/{world}/phone/manifest.webmanifest", apps.manifest, methods=["GET"]),
        Route(f"{_PHONE}/do", phones.do, methods=["POST"]),
        Route(f"{_PHONE}/ask", phones.ask, methods=["POST"]),
        Route(f"{_PHONE}/events", phones.events, methods=["GET"]),
        Route(f"{_PHONE}/media/{{blob}}", phones.media, methods=["GET"]),
        Route(f"{_PHONE}{_PAGE}", phones.contract_page, methods=["GET"]),
        Route(f"{_PHONE}{_TO_SIGN}", phones.ticket_page, methods=["GET"]),
        Route(f"{_PHONE}/sms", phones.sms, methods=["GET"]),
        Route("/w/{world}/handover", handing_over.take, methods=["POST"]),
        Route("/w/{world}/join/{invitation}", handing_over.join, methods=["GET"]),
        Route(_MALL, apps.mall, methods=["GET"]),
        Route(f"{_MALL}/do", mall_door.do, methods=["POST"]),
        Route(f"{_MALL}/ask", mall_door.ask, methods=["POST"]),
        Route(f"{_MALL}/events", mall_door.events, methods=["GET"]),
        Route(f"{_MALL}/tickets/{{ticket}}/events", ticket_live.stream, methods=["GET"]),
        Route(f"{_MALL}/media/{{blob}}", mall_door.media, methods=["GET"]),
        Route(f"{_MALL}/contracts/{{contract}}/report", mall_door.contract_report, methods=["GET"]),
        Route(
            f"{_MALL}/contracts/{{contract}}/evidence", mall_door.contract_evidence, methods=["GET"]
        ),
        Route(f"{_MALL}{_PAGE}", mall_door.contract_page, methods=["GET"]),
    ]


def all_routes() -> list[BaseRoute]:
    """Sign-in, the apps and their gateways, the PKI's public services, files, and the JSON API."""
    return [
        Route("/login", staff.show, methods=["GET"]),
        Route("/sign-in", staff.sign_in, methods=["POST"]),
        Route("/sign-in/step", staff_steps.show, methods=["GET"]),
        Route("/sign-in/step", staff_steps.answer, methods=["POST"]),
        Route("/logout", staff.sign_out, methods=["GET", "POST"]),
        Route("/w/{world}/ocsp/{ca}", services.ocsp, methods=["POST"]),
        Route("/w/{world}/ocsp/{ca}/{request:path}", services.ocsp, methods=["GET"]),
        Route("/w/{world}/crl/{ca}-delta.crl", services.delta_crl, methods=["GET"]),
        Route("/w/{world}/crl/{ca}.crl", services.crl, methods=["GET"]),
        Route("/w/{world}/ca/{ca}.{ending}", services.ca_certificate, methods=["GET"]),
        Route("/w/{world}/trust-list.p7m", services.trust_list, methods=["GET"]),
        Route("/w/{world}/tsa", services.timestamp, methods=["POST"]),
        Route("/w/{world}/media/{blob}", services.media, methods=["GET"]),
        Route("/w/{world}/contracts/{contract}/report", contract_papers.report_for_staff),
        Route("/w/{world}/contracts/{contract}/evidence", contract_papers.evidence_for_staff),
        Route("/w/{world}/bulk/{bulk}.{ending}", bulk_files.download, methods=["GET"]),
        Route("/w/{world}/records/{kind}.{ending}", record_files.download, methods=["GET"]),
        Route("/w/{world}/reports/{report}.{ending}", report_files.download, methods=["GET"]),
        Route("/w/{world}/evidence-key.txt", contract_papers.key),
        Route("/w/{world}/verify_log.py", log_papers.verifier, methods=["GET"]),
        Route("/w/{world}/log/export.jsonl.gz", log_papers.export, methods=["GET"]),
        Route("/w/{world}/log/heads.jsonl", log_papers.heads, methods=["GET"]),
        Route("/w/{world}/log/receipts/{operation}.json", log_papers.receipt, methods=["GET"]),
        Route(
            "/w/{world}/log/consistency/{first:int}-{second:int}.json",
            log_papers.consistency,
            methods=["GET"],
        ),
        Route("/w/{world}/verify", verification.page, methods=["GET"]),
        Route("/w/{world}/verify/file", verification.judge, methods=["POST"]),
        Route("/w/{world}/v/{token}", verification.page, methods=["GET"]),
        Route("/w/{world}/events", live.stream, methods=["GET"]),
        Route("/w/{world}/trouble", troubles.told, methods=["GET"]),
        Route("/w/{world}" + _PAGE, page_pictures.for_staff, methods=["GET"]),
        *_apps(),
        Route("/api/docs", apps.api_docs, methods=["GET"]),
        Route("/w/{rest:path}", services.not_found, methods=["GET", "POST"]),
        *api.endpoints(),
    ]
