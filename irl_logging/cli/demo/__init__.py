"""`irl demo`: a small IRL repository on which real workflows run, one ends badly and one is killed."""
