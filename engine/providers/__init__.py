"""Drivers behind `kernel.ports`: the simulated carriers, checkers, bank and tax service, and our CAs.

Simulated drivers are products: the console, the tests and the simulations use the same ones. Their
memory (`sim_` tables) is theirs alone and outside the log; what they are told is encrypted there.
"""
