"""What two reports, or two numbers, say of each other: outcomes, sums that do not add up, silent revisions."""
