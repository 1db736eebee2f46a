-- Runs once, when the PostgreSQL volume is empty: one role and its databases for Temporal, one for
-- the ledger. Each password comes from the environment; a missing one stops the set-up here.
\set ON_ERROR_STOP on
\getenv temporal_password TEMPORAL_DB_PASSWORD
\getenv ledger_password LEDGER_DB_PASSWORD

CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

CREATE ROLE uphold LOGIN PASSWORD :'ledger_password';
CREATE DATABASE uphold OWNER uphold;

-- Neither service has business in the other's databases.
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, uphold FROM PUBLIC;
