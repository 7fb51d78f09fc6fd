"""Every action that field checks seal has a name for its reader."""

import re
from pathlib import Path

from shian.domains.fieldchecks import actions
from shian.domains.fieldchecks.definitions.deeds import DEEDS


def test_everything_that_is_sealed_has_a_name() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in Path(actions.__file__).parent.glob("*.py"))
    sealed = set(re.findall(r'"(fieldchecks\.[a-z]+_[a-z_]+)"', texts))

    assert len(sealed) > 20
    assert sealed == set(DEEDS)
