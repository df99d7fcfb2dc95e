"""Outside machines: clients with tokens of narrow scopes, and webhooks that tell them of events (API-1)."""
