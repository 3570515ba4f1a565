"""The floor: places kept, goods received and put away, waves released, scans taken. Each file names its verb."""
