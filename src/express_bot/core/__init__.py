"""Flask API server (port 5002): the sole owner of the database, one folder per subject."""
