"""Parts of paths: codes and keys as they are written, numbers as the database counts them."""

from typing import Annotated

from ninja import Field

Code = Annotated[str, Field(min_length=1, max_length=80)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
