"""The core played as a discrete-event simulation: what a charter would cost, and what it would keep."""
