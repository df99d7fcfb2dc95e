"""Contracts: written or uploaded, signed by both parties by scan, submitted, reviewed."""
