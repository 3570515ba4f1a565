"""Sales orders of Kingdee K3 Cloud (金蝶云星空) as a channel: read by bill query, told of parcels by outbound bills."""
