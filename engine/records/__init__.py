"""Finding anything, and showing it whole: what it is, where it stands, what happened to it (OPS-6, SEC-1).

A record is a row of one of the kinds in `kinds.KINDS`. Every kind is shown in the same order: state, facts,
papers, history, what is linked. What is kept sealed is shown masked, and in full through one door alone.
"""
