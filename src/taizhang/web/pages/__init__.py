"""The pages, a module for each question. Importing this registers all of them."""

from taizhang.web.pages import admin, findings, home, indicators, number, outcomes, people, report, search, upload

__all__ = ["admin", "findings", "home", "indicators", "number", "outcomes", "people", "report", "search", "upload"]
