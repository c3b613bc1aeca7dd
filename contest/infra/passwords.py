"""argon2id in threads of its own, few and polite, so that sign-ins never hold up an answer."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's floor for argon2id: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NICENESS = 15


def _be_polite() -> None:
    # On Linux niceness belongs to a thread: the kernel gives the answers' threads the processor.
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)


class Passwords:
    """Hashes and verifies, at most `workers` at a time; the rest wait in a queue of their own."""

    def __init__(self, workers: int = 1) -> None:
        self._threads = ThreadPoolExecutor(
            max_workers=workers, thread_name_prefix="argon2", initializer=_be_polite
        )
        # Verified against when there is no such account, so that both cost the same time.
        self._decoy = self.hash("nobody-has-this-password")

    def hash(self, password: str) -> str:
        return self._threads.submit(_HASHER.hash, password).result()

    def verify(self, stored: str | None, password: str) -> bool:
        return self._threads.submit(_verify, stored or self._decoy, password).result() and bool(
            stored
        )

    async def hash_async(self, password: str) -> str:
        return await asyncio.wrap_future(self._threads.submit(_HASHER.hash, password))

    async def verify_async(self, stored: str | None, password: str) -> bool:
        """Whether the password belongs to the hash; without a hash it costs the same and fails."""
        future = self._threads.submit(_verify, stored or self._decoy, password)
        return await asyncio.wrap_future(future) and bool(stored)

    def close(self) -> None:
        self._threads.shutdown(wait=False)


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
