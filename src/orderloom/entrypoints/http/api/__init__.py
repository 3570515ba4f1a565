"""Programs and the command line that ask: one file for each noun of the API, none of which knows another."""
