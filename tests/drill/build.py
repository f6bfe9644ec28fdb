"""The small libraries that are loaded into the shop's programs, built when they are wanted."""

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


class NoCompilerError(Exception):
    """This machine has no C compiler; the text says what to install."""


def build(name: str, folder: Path) -> Path:
    """Return the library made of `<name>.c`; NoCompilerError where nothing can make one."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise NoCompilerError("there is no C compiler: install gcc or clang")
    library = folder / f"{name}.so"
    options = ("-shared", "-fPIC", "-O2", "-o", str(library))
    subprocess.run(
        [compiler, *options, str(HERE / f"{name}.c"), "-ldl"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return library
