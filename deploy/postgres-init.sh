#!/bin/sh
# Run once by the database's first start: two roles, of which the web role owns nothing, and the database.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres \
    -v owner_password="$SHIAN_OWNER_PASSWORD" -v web_password="$SHIAN_WEB_PASSWORD" <<'SQL'
CREATE ROLE shian_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE shian_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'web_password';
ALTER ROLE shian_web SET jit = off;
CREATE DATABASE shian OWNER shian_owner TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8';
SQL
