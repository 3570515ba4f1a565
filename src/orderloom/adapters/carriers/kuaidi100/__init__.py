"""Kuaidi100 (快递100): parcels of every carrier watched by subscription, and asked for when they fall silent."""
