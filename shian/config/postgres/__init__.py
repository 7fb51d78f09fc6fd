"""The embedded PostgreSQL: finds binaries, makes a data folder, starts, adopts and stops the server.

Used only when the operator names no server by DATABASE_URL. It needs no root, no system service and no open port: the
server listens on a socket in a folder of mode 0700. Layers, top to bottom: roles, cluster, home, binaries.
"""

from shian.config.postgres.binaries import Binaries, find_binaries
from shian.config.postgres.cluster import Cluster
from shian.config.postgres.home import Account, Place, choose_place
from shian.config.postgres.roles import (
    analyze,
    check_server,
    drop_database,
    ensure_roles,
    grant_web_role,
    mark_migrated,
    migrated_state,
    role_of,
    server_url,
)

__all__ = [
    "Account",
    "Binaries",
    "Cluster",
    "Place",
    "analyze",
    "check_server",
    "choose_place",
    "drop_database",
    "ensure_roles",
    "find_binaries",
    "grant_web_role",
    "mark_migrated",
    "migrated_state",
    "role_of",
    "server_url",
]
