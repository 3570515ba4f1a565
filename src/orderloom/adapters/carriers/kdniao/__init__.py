"""KDNiao (快递鸟): parcels of every carrier watched, asked for, and labels of the carriers that the account has."""
