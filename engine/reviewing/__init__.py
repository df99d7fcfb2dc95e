"""Review cases: one queue over all kinds, claim with a lease, decide, four eyes, clocks."""
