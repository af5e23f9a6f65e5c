"""Twins for each file: outsiders do to them, they do to both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.twins.comparing import Twins
from tests.twins.twin import open_twin


@pytest.fixture(scope="module")
async def twins(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Twins]:
    folders = [tmp_path_factory.mktemp(name) for name in ("busy", "quiet")]
    async with (
        open_twin(folders[0], busy=True) as busy,
        open_twin(folders[1], busy=False) as quiet,
    ):
        yield Twins(busy, quiet)
