"""How often the tests repeat themselves: `make test` shows each claim once, `make test-all` (CI, a release) repeats
some with more kills and more combinations. No claim is made by the second alone. See docs/adr/0013."""

import os

IS_WHOLE = os.environ.get("SHIAN_TEST_ALL") == "1"
