"""The quick way to run a mapping: its plain values read in line by functions written for it; decision 0012 says why."""
