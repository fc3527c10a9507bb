#!/bin/sh
# Runs once, when the PostgreSQL volume is empty (docker-entrypoint-initdb.d): the role that owns the tables and the
# one the application connects as, which owns nothing and cannot step around row-level security.
set -eu

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner_password="$FIRSTBELL_OWNER_PASSWORD" --set app_password="$FIRSTBELL_APP_PASSWORD" <<'SQL'
CREATE ROLE firstbell_owner LOGIN PASSWORD :'owner_password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
CREATE ROLE firstbell_app LOGIN PASSWORD :'app_password'
  NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS;
CREATE DATABASE firstbell OWNER firstbell_owner ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;
REVOKE ALL ON DATABASE firstbell FROM PUBLIC;
GRANT CONNECT ON DATABASE firstbell TO firstbell_app;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
\connect firstbell
ALTER SCHEMA public OWNER TO firstbell_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO firstbell_app;
SQL
