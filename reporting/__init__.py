"""Reports on how well a charter was kept in a period: counted in SQL, shown in several forms.

`assemble` makes a `model.Report` from a connection to the ledger; `page`, `rows` and the model's own
JSON show it. Nothing here reads a clock, asks the server or writes to the ledger.
"""
