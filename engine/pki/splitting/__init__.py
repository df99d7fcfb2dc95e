"""Keys that are never anywhere whole: RSA-4096 of four primes, two of the phone's and two of the server's.

The construction is SplitKey (Buldas, Kalu, Laud, Oruaas, ESORICS 2017): n = n1·n2 with e = 65537. The
phone makes n1 and its exponent d1, divides d1 into a share of its own and one of the server's, and forgets
the rest; the server makes n2. A signature takes the phone's half and the server's, and is an ordinary
PKCS#1 v1.5 one. What the phone keeps is a uniform string under a stream drawn from the PIN: every PIN
opens it to a share, and only the server's look at the half tells whether it was the right one.

`splitting.shares` is arithmetic that both sides do, `phone` and `server` what one side does, `camouflage`
how a share rests, `proving` a private key for X.509 builders that is in two places, `testing` the known
answers.
"""

from engine.pki.splitting.camouflage import Cost, hidden, shown
from engine.pki.splitting.phone import PhoneKey, make_phone_key
from engine.pki.splitting.proving import DividedKey
from engine.pki.splitting.server import (
    ModulusRefused,
    ServerKey,
    ShareRefused,
    SignatureFault,
    complete,
    make_server_key,
    require_modulus,
    require_share,
)
from engine.pki.splitting.shares import (
    EXPONENT,
    MODULUS_BITS,
    PHONE_SHARE_BYTES,
    SHARE_BYTES,
    SIGNATURE_BYTES,
    divide,
    encoded,
    half,
    phone_share_bits,
    refreshed,
)
from engine.pki.splitting.testing import self_test

__all__ = [
    "EXPONENT",
    "MODULUS_BITS",
    "PHONE_SHARE_BYTES",
    "SHARE_BYTES",
    "SIGNATURE_BYTES",
    "Cost",
    "DividedKey",
    "ModulusRefused",
    "PhoneKey",
    "ServerKey",
    "ShareRefused",
    "SignatureFault",
    "complete",
    "divide",
    "encoded",
    "half",
    "hidden",
    "make_phone_key",
    "make_server_key",
    "phone_share_bits",
    "refreshed",
    "require_modulus",
    "require_share",
    "self_test",
    "shown",
]
