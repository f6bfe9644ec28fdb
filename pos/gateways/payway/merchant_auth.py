"""The part of a refund that only ABA can read: what to give back, under ABA's public key.

Source: ABA, refund guide (2026): JSON cut into pieces of 117 bytes, each RSA PKCS#1 v1.5, the
pieces joined, base64. 117 bytes fit a key of 1024 bits and stay with longer ones.
"""

from base64 import b64encode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pos.errors import BadInput
from pos.money import Money

PIECE_BYTES = 117
_SMALLEST_KEY = 1024


def read_refund_key(pem: str) -> RSAPublicKey:
    """Return ABA's public key; BadInput where the text is no RSA key in PEM form."""
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadInput("The refund key is not a public key in PEM form.") from error
    if not isinstance(key, RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        raise BadInput("The refund key is not an RSA key of 1024 bits or more.")
    return key


def refund_text(merchant_id: str, tran_id: str, amount: Money) -> str:
    """Return the JSON of a refund. The amount is a JSON number with its currency's decimals.

    The usual writer knows floats only, so it is put together by hand; neither identifier can
    hold a quote.
    """
    return f'{{"mc_id":"{merchant_id}","tran_id":"{tran_id}","refund_amount":{amount.plain}}}'


def encrypt(text: str, key: RSAPublicKey) -> str:
    """Return the text as `merchant_auth` carries it; another one each time."""
    plain = text.encode()
    pieces = [plain[at : at + PIECE_BYTES] for at in range(0, len(plain), PIECE_BYTES)]
    return b64encode(b"".join(key.encrypt(piece, PKCS1v15()) for piece in pieces)).decode("ascii")
