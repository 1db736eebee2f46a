"""How Uphold is wired to Temporal and to its machine: settings, connection, plugin, logs, servers."""
