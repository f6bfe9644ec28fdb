"""Are the books whole? Chains, hashes, and the figures computed again."""
