"""What images are built from, and when they are built anew."""

import tarfile

from harness.runtime.containers.context import as_tar, fingerprint, of_target, sources


def test_the_build_gets_the_pod_and_of_the_harness_only_the_gate() -> None:
    harness = "gate/seedbed/harness/"
    of_gate = [name.removeprefix(harness) for name in sources() if name.startswith("gate/")]
    assert {name.split("/")[0] for name in of_gate} == {"__init__.py", "errors.py", "facts", "gate"}
    others = {"Dockerfile", "pod/seedbed/pod/__main__.py", "requirements/pod.lock"}
    assert others <= sources().keys()


def test_a_change_of_the_gate_concerns_the_image_of_the_gate_alone() -> None:
    before = sources()
    after = before | {"gate/seedbed/harness/gate/core.py": b"something else"}
    changed = {
        target: fingerprint(of_target(before, target)) != fingerprint(of_target(after, target))
        for target in ("pod", "gate")
    }
    assert changed == {"pod": False, "gate": True}


def test_another_base_makes_another_image() -> None:
    files = {"a": b"1"}
    assert fingerprint(files, "base 1") == fingerprint(files, "base 1")
    assert fingerprint(files, "base 1") != fingerprint(files, "base 2")


def test_the_same_files_make_the_same_octets() -> None:
    one, other = as_tar({"b/c": b"2", "a": b"1"}), as_tar({"a": b"1", "b/c": b"2"})
    assert one.getvalue() == other.getvalue()
    with tarfile.open(fileobj=one) as tar:
        entries = [(each.name, each.mtime, each.uid) for each in tar]
    assert entries == [("b", 0, 0), ("a", 0, 0), ("b/c", 0, 0)]
