"""The staffing what-if: a fast model of the review desk, rosters to try, and the cheapest good one.

`desk` is the model, `ways` what people bring (learned from a run of the real engine), `rosters` what is
tried, `sweeping` the comparison. That the model is right is checked against queueing theory where theory
has the answer, and against the engine in the loop where it has not (`docs/statistics.md`).
"""
