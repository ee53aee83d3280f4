"""The web pages and the REST interface over a ledger.

A page is a function from the ledger to a struct (`pages/`); HTML, JSON and CSV are faces of that struct (`faces.py`).
`shelf.py` keeps the open ledger and what was computed from it; nothing is worked out here that the rooms below know.
To add a page: a function with `@page(...)` in a module under `pages/`, its struct, and a template.
"""
