"""What is read beside the loop that starts it."""

from __future__ import annotations

import asyncio
from typing import TypeVar

Key = TypeVar("Key")
Given = TypeVar("Given")


class Tasks(dict[Key, "asyncio.Task[Given]"]):
    """A task for each key, so that a slow one holds up nobody else."""

    def forget_ended(self) -> None:
        """Forget those that ended. Raises what one of them failed with; the next call goes on after it."""
        for key in [key for key, task in self.items() if task.done()]:
            self.pop(key).result()

    async def drain(self) -> None:
        """Wait until all have ended."""
        await asyncio.gather(*self.values(), return_exceptions=True)
