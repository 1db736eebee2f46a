"""The long-lived service that runs complaints: its composition, its health and its life."""
