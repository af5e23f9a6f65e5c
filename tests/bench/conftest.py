"""The load generator, built once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.building import CannotBuildError, build, compiler


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `load` and `floor` in it; both compile without a warning."""
    try:
        compiler()
    except CannotBuildError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("programs")
    build(folder)
    return folder
