"""Who may do what with documents."""

from shian.kernel.accounts.models import Role
from shian.kernel.accounts.permissions import any_user, role_in

DOCUMENT_READ = any_user  # rows: the office reads all in its reach, others the published ones (queries.py)
DOCUMENT_WRITE = role_in(Role.OFFICE)
WRITERS = frozenset({Role.OFFICE, Role.ADMIN})
