"""What tests need of the hub: builders, clocks, failing doubles, the proof. No part of the hub imports it."""
