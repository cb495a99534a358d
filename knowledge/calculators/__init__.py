"""Calculators: pure functions over amounts and dates, with the article behind every line."""
