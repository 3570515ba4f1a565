"""eBay through its sell APIs: fulfilment, inventory and notifications."""
