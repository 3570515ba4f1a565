"""Orders that people type in: taken on the phone, over the counter, by letter; through the API or the hub's form."""
