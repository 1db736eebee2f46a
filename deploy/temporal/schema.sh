#!/bin/sh
# Brings Temporal's two databases to the schema of this release. Safe to run again: what is
# already there is kept. The password is read from SQL_PASSWORD by the tool itself.
set -eu

: "${SQL_HOST:?}" "${SQL_PORT:?}" "${SQL_USER:?}" "${SQL_PASSWORD:?}"
schemas=${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}

bring_up() {
    database=$1
    versions=$2
    set -- --plugin postgres12 --ep "$SQL_HOST" --port "$SQL_PORT" --user "$SQL_USER" --db "$database"
    echo "schema of $database"
    temporal-sql-tool "$@" setup-schema --version 0.0
    temporal-sql-tool "$@" update-schema --schema-dir "$schemas/$versions/versioned"
}

bring_up temporal temporal
bring_up temporal_visibility visibility
