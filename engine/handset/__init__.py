"""The phone: its own store, device key and certificate keys; the engine only through a door.

It imports `kernel` and `pki` alone. In a simulation its door leads straight into the engine, in the
console through the JSON door in the same process, on a real phone over HTTPS.
"""
