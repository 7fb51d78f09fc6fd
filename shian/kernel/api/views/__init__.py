"""Pages of the interface: one's tokens, the reference, what the errors mean."""

from shian.kernel.api.views.reference import problem_list, reference_detail, schema_detail
from shian.kernel.api.views.tokens import token_create, token_list, token_revoke

__all__ = ["problem_list", "reference_detail", "schema_detail", "token_create", "token_list", "token_revoke"]
