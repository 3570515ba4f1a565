"""WMS and ERP systems, one folder each."""
