"""Units: the city's dated administrative tree, who followed whom, and schools.

Keeps: wards, communes, districts with the days on which each was valid; successions; schools.
Never keeps: who belongs where (people), which unit somebody stood for in an edition (editions).
Ask:   `queries.wards_on`, `queries.units_on`, `queries.search_units`, `queries.unit_name`,
       `queries.unit_names`, `queries.schools_like`, `queries.school_named`; of a day
       `tree.tree_on`, `tree.subtree`, `tree.counts_on`, `tree.search_all_days`; of changes
       `successions.successors`, `successions.predecessors`, `successions.became`.
Do:    `files.load_units`; in it `commands.import_units`, `import_successions`, `import_schools`.

A code alone names nothing: 150 codes were given to another unit later. The key is
`code@valid_from`.
"""
