"""What operators look at: the dashboards, from which those of the chart are made."""
