"""Office: the staff portal: home, evaluation across areas, map; desktop first."""
