"""AliExpress through the seller solution APIs of the Open Platform."""
