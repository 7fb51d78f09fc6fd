"""Two roles: `shian_owner` makes the tables, `shian_web` works with them and owns nothing.

The web role is neither superuser nor owner, so row-level security holds for it and the notary's tables are append-only
to it, whatever the program does.

psycopg is loaded when a server is spoken to: it takes as long as all else that `shian status` or the keeper loads.
"""

from typing import LiteralString
from urllib.parse import parse_qs, unquote, urlsplit

from shian.config.postgres.binaries import OLDEST
from shian.config.problems import Problem

DATABASE = "shian"
OWNER = "shian_owner"
WEB = "shian_web"
APPEND_ONLY = tuple(f"notary_{table}" for table in ("entry", "rows", "leaf", "tile", "checkpoint", "cosignature"))
ROLES: dict[str, LiteralString] = {
    OWNER: "LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
    WEB: "LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS",
}


def server_url(url: str) -> str:
    """The psycopg form of postgres://user:password@host:port/name?host=/socket/folder."""
    import psycopg

    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return psycopg.conninfo.make_conninfo(
        host=host,
        port=parts.port,
        user=unquote(parts.username or "") or None,
        password=unquote(parts.password or "") or None,
        dbname=parts.path.lstrip("/") or DATABASE,
    )


def check_server(conninfo: str) -> None:
    """One clear sentence for a server that is too old or cannot be reached."""
    import psycopg

    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Problem(f"The PostgreSQL server of DATABASE_URL cannot be reached: {reason}") from error
    if version < OLDEST:
        raise Problem(f"The PostgreSQL server is version {version}; Shian needs {OLDEST} or newer.")


def ensure_roles(admin_conninfo: str, database: str = DATABASE) -> None:
    """Both roles with exactly their attributes, and the database; changes nothing on a second call."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(admin_conninfo, autocommit=True) as connection:
        for role, attributes in ROLES.items():
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb: LiteralString = "ALTER ROLE {role} " if known else "CREATE ROLE {role} "
            connection.execute(sql.SQL(verb + attributes).format(role=sql.Identifier(role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(OWNER))
            )


def drop_database(admin_conninfo: str, database: str = DATABASE) -> None:
    """Remove the database with all data, whoever is connected."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(admin_conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


GRANTS = """
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {web};
GRANT USAGE ON SCHEMA public TO {web};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {web};
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {web};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {web};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {web};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON ROUTINES TO {web};
"""


def grant_web_role(conninfo: str, web: str = WEB) -> None:
    """Give the web role its work on every table; connect as the owner, after migrations. Idempotent."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(conninfo) as connection:
        if connection.info.user == web:
            return
        names = {"database": sql.Identifier(connection.info.dbname), "web": sql.Identifier(web)}
        connection.execute(sql.SQL(GRANTS).format(**names))
        for table in APPEND_ONLY:
            if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
                revoke = "REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {table} FROM {web}"
                connection.execute(sql.SQL(revoke).format(table=sql.Identifier(table), web=names["web"]))


def migrated_state(conninfo: str) -> str:
    """What the database itself says it was last migrated to; empty when it never was."""
    import psycopg

    asked = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(conninfo) as connection:
        found = connection.execute(asked).fetchone()
    return str(found[0] or "").removeprefix("migrated ") if found else ""


def mark_migrated(conninfo: str, state: str) -> None:
    """Write into the database which set of migrations it now holds."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(conninfo) as connection:
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(connection.info.dbname), sql.Literal(f"migrated {state}")))


def role_of(url: str) -> str:
    """The role that an address logs in as."""
    return unquote(urlsplit(url).username or "")


def analyze(conninfo: str) -> None:
    """Statistics and the visibility map of every table that this role owns."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(conninfo, autocommit=True) as connection:
        owned = connection.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
        for (table,) in owned:
            connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))
