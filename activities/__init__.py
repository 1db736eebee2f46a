"""The activities that workflows call, and their contracts."""
