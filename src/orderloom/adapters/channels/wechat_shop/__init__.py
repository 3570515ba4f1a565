"""WeChat shops (微信小店): orders and applications after the sale, shipments, stock, encrypted pushes."""
