"""What goes wrong in a run: the plan of a scenario, the sites it names, and where each of them strikes."""
