"""What a site sees and decides of oversight: switches, outcomes, alarms, pages; who sees which level stands in `access`."""
