"""Settings of the test suite: the owner role builds the schema, cheap hashes, a throw-away home."""

import os
import tempfile

os.environ.setdefault("SHIAN_SECRET_KEY", "test-only-secret-key-of-the-suite")
os.environ.setdefault("SHIAN_HOME", tempfile.mkdtemp(prefix="shian-test-"))

from shian.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is counted from one test to the next; a test of limits brings its own cache.
CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in ("default", "visitors")}
# Found when they are asked for: each test's client would list them all anew, which takes as long as its request.
WHITENOISE_AUTOREFRESH = True
