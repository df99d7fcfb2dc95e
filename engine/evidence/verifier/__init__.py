"""The stand-alone verifier: these modules become one Python file in each pack (`evidence.standalone`).

They know nothing of the engine: only the standard library and `cryptography`.
"""
