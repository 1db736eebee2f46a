-- Runs once, when the PostgreSQL volume is empty: one role and its databases for Temporal; for the
-- ledger one role that owns its tables, and one that may only add to the record. Each password comes from the environment; a missing one stops the set-up here.
\set ON_ERROR_STOP on
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv ledger_owner_password LEDGER_OWNER_PASSWORD
\getenv ledger_password LEDGER_DB_PASSWORD

CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

-- `uphold setup --grant uphold` runs as the owner and gives the other what workers need.
CREATE ROLE uphold_owner LOGIN PASSWORD :'ledger_owner_password';
CREATE ROLE uphold LOGIN PASSWORD :'ledger_password';
CREATE DATABASE uphold OWNER uphold_owner;

-- Neither service has business in the other's databases.
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, uphold FROM PUBLIC;
GRANT CONNECT ON DATABASE uphold TO uphold;
