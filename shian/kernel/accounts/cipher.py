"""Secrets that must be read again (keys of authenticator apps) are stored encrypted, never in the clear.

The key is derived from SECRET_KEY, which is not in the database: a stolen dump opens nothing. Whoever replaces
SECRET_KEY names the former one in SHIAN_FORMER_SECRET_KEYS, or the apps have to be set up anew.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"shian accounts: second factors"


def encrypt(text: str) -> str:
    """The text as a Fernet token (AES-128-CBC with HMAC-SHA256)."""
    return _cipher().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """The text of a token. Raises InvalidToken when it was made with another key or changed."""
    return _cipher().decrypt(token.encode("ascii")).decode()


def _cipher() -> MultiFernet:
    return MultiFernet([_derived(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
