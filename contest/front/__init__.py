"""Front: pages that need several rooms: home, one's own account, the organiser's desk with the page
of a person, the rules page, the outbox, data protection.

Keeps: nothing; `figures` remembers the desk's counts for some seconds, `chart` is pure.
"""
