"""
How often cards may be tried. Pure.

A card's own letters are 40 bits, and a class code stands on a board for all to see. So count as if
every class code were known. The best that a guesser then gets, day and night, in a class of 45:

- from one network, 150 tries in 15 minutes: 14,400 a day, 6 in ten million to hit anybody;
- from everywhere at once, 600 in 15 minutes: 57,600 a day, 9 in ten thousand in a whole year;
- over all the classes of a city from one network, 3,000 in 15 minutes: 288,000 a day, 1 in 85,000.

What that buys is one pupil's session, in a contest; the teacher's new card ends it. And a school
gets through: forty children at one table who each mistype twice are 80 wrong tries, with the forty
right ones under way 120; a success gives its own try back and nothing more, or whoever holds one
card could guess at the others without end. Whoever burns the class's tries in the classroom closes
it for a quarter of an hour there, not at home.
"""

from contest.people.sign_in.limits import Limit, address_block

TRIES_OF_CLASS_FROM_BLOCK = 150
TRIES_OF_CLASS = 600
# Some 25 classes that all mistype twice within the same quarter of an hour.
TRIES_OF_BLOCK = 3000


def of_card(class_code: str, address: str) -> list[Limit]:
    """By the class code, also one that no class has, and by the block of addresses."""
    block = address_block(address)
    return [
        Limit(f"card:{class_code}:{block}", TRIES_OF_CLASS_FROM_BLOCK),
        Limit(f"card:{class_code}", TRIES_OF_CLASS),
        Limit(f"from:card:{block}", TRIES_OF_BLOCK),
    ]
