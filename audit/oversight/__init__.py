"""Oversight in figures: from decisions and probe outcomes to rates, alarms and schedules. Pure; knows no reports."""
