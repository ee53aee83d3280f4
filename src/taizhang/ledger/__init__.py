"""The ledger: reports of a place entered one after another, and what is known of each indicator through them."""
