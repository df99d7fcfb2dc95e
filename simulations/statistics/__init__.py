"""What a run's numbers are worth: intervals, replications, warm-up, and what queueing theory has to say.

`docs/statistics.md` says what each interval means. Nothing here draws: chance comes from
`simulations.streams`.
"""
