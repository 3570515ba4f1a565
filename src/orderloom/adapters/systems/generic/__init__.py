"""A warehouse or ERP of one's own, spoken to as the account's own declaration says: REST or files, both ways."""
