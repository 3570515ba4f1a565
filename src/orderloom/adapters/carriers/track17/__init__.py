"""17TRACK: parcels of carriers all over the world registered, pushed and asked for."""
