"""What an image is built from: files by their names in the build, and a name for all of it."""

import hashlib
import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from harness.errors import UsageError
from harness.settings import ROOT

Files = Mapping[str, bytes]

POD_IMAGE: Final = ROOT / "pod_image"
DOCKERFILE: Final = "Dockerfile"

# Where Seedbed is installed, the pod is a package beside the others.
_POD: Final = POD_IMAGE / "pod" if (POD_IMAGE / "pod").is_dir() else ROOT / "pod"

# What is an image's own lies in the build as it will lie in the image.
_GATE: Final = "gate/seedbed/harness"
# The gate runs the same code as it does elsewhere, and nothing else of the harness.
_GATE_PACKAGES: Final = ("facts", "gate")
_GATE_MODULES: Final = ("__init__.py", "errors.py")


Target = Literal["pod", "gate"]


def sources() -> dict[str, bytes]:
    """All that goes into the images but for the wheels."""
    files = {DOCKERFILE: _read(POD_IMAGE / DOCKERFILE)}
    for lock in sorted((POD_IMAGE / "requirements").glob("*.lock")):
        files[f"requirements/{lock.name}"] = _read(lock)
    files.update(_package(_POD, "pod/seedbed/pod"))
    for name in _GATE_PACKAGES:
        files.update(_package(ROOT / "harness" / name, f"{_GATE}/{name}"))
    for name in _GATE_MODULES:
        files[f"{_GATE}/{name}"] = _read(ROOT / "harness" / name)
    return files


def of_target(files: Files, target: Target) -> Files:
    """The files that decide how one image turns out."""
    others = "gate/" if target == "pod" else "pod/"
    return {name: content for name, content in files.items() if not name.startswith(others)}


def fingerprint(files: Files, *besides: str) -> str:
    """A name for these files and what else decides how the image turns out."""
    digest = hashlib.sha256("\n".join(besides).encode())
    for name, content in sorted(files.items()):
        digest.update(f"\n{name} {hashlib.sha256(content).hexdigest()}".encode())
    return digest.hexdigest()[:16]


def as_tar(files: Files) -> io.BytesIO:
    """The files as the engine wants them; the same files make the same octets."""
    archive = io.BytesIO()
    folders = {parent.as_posix() for name in files for parent in PurePosixPath(name).parents}
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for name in sorted(folders - {"."}):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(folder)
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    archive.seek(0)
    return archive


def _package(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{name}/{path.relative_to(folder).as_posix()}", _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}",
            "Run from a whole checkout, or install Seedbed anew",
        ) from error
