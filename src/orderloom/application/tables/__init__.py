"""Tables of goods that people bring and take: SKUs, spellings, bundles, stock; looked at first, then taken."""
