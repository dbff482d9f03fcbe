"""Oversight checks: faults made from structured claims, shown for one view, never part of a record."""
