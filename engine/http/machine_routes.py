"""Registering machines, their tokens and webhooks through a door (API-1)."""

from __future__ import annotations

from engine.http.routing import Route, asks, does
from engine.integrating import actions as integrating
from engine.integrating import queries as integrated

ROUTES: tuple[Route, ...] = (
    asks("staff", integrated.scopes, "The scopes that a machine can be given"),
    asks("staff", integrated.clients, "The machine clients"),
    asks("staff", integrated.client, "One machine client"),
    asks("staff", integrated.my_client, "The machine that asks: what it may, and until when"),
    does("staff", integrating.register_client, "Propose a new machine client"),
    does("staff", integrating.change_client, "Narrow a client's access, or propose a wider one"),
    does("staff", integrating.approve_client, "Approve what another one proposed for a client"),
    does("staff", integrating.refuse_client, "Refuse a proposal, or take one's own back"),
    does("staff", integrating.revoke_client, "Let a machine in no more, at once and for good"),
    does("staff", integrating.issue_token, "Give a client a new token, shown this once"),
    does("staff", integrating.revoke_token, "End one token at once"),
    asks("staff", integrated.event_kinds, "The published kinds of events"),
    asks("staff", integrated.endpoints, "The webhook endpoints with their health"),
    asks("staff", integrated.endpoint, "One webhook endpoint"),
    does("staff", integrating.add_endpoint, "Tell a client of events at an address"),
    does("staff", integrating.change_endpoint, "Change an endpoint's address or events"),
    does("staff", integrating.rotate_secret, "Give an endpoint a new signing secret"),
    does("staff", integrating.pause_endpoint, "Send an endpoint nothing for now"),
    does("staff", integrating.resume_endpoint, "Send to a paused endpoint again"),
    does("staff", integrating.remove_endpoint, "Tell nothing more at an address"),
    asks("staff", integrated.attention, "Endpoints that were paused because they failed"),
    asks("staff", integrated.deliveries, "The newest deliveries"),
    asks("staff", integrated.delivery, "One delivery"),
    asks("staff", integrated.attempts, "The tries of a delivery"),
    does("staff", integrating.send_test, "Send a test event to an endpoint"),
    does("staff", integrating.replay, "Send a delivery once more"),
    does("staff", integrating.replay_since, "Send again what was given up since an instant"),
)
