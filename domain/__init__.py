"""The pure core: charters, clocks, the ladder and the decisions.

Nothing here does I/O, reads a clock, draws a random number or imports `temporalio`; everything is
a plain function over frozen values, so that a complaint can be replayed, simulated and tested
without a server.
"""
