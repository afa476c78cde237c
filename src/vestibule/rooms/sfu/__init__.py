"""Calls over media servers: Janus receives each picture once, and sends it to everybody else."""
