"""AfterShip: parcels of carriers all over the world followed by subscription, pushed and asked for."""
