"""Front: pages that need several rooms: home, the organiser's desk, the outbox, data protection."""
