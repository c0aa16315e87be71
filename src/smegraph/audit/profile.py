"""The OWL API's own check of the OWL 2 DL profile, which owlready2 carries in ``HermiT.jar``.

It has no command line, and a machine without a Java compiler cannot add one. So this module, run
as a program, starts the Java machine inside its own process (Java Native Interface, JNI) and calls
``OWL2DLProfile.checkOntology``: ``python -m smegraph.audit.profile JAVA FILE`` prints one line for
each violation. The numbers are positions in the JNI function table (JNI Specification, chapter 4).
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smegraph.graph.errors import ReasonerError
from smegraph.graph.hermit import without_imports

_FIND_CLASS, _EXCEPTION_OCCURRED, _EXCEPTION_DESCRIBE = 6, 15, 16
_NEW_OBJECT, _GET_METHOD, _CALL_OBJECT, _CALL_BOOLEAN = 30, 33, 36, 39
_GET_STATIC_METHOD, _CALL_STATIC_OBJECT, _NEW_STRING, _STRING_CHARS = 113, 116, 167, 169
_JNI_VERSION = 0x00010008
_MODEL, _PROFILES = "org/semanticweb/owlapi/model/", "org/semanticweb/owlapi/profiles/"


def profile_violations(java: str, lines: Sequence[str]) -> list[str]:
    """What keeps statements (N-Triples lines) out of OWL 2 DL, in the OWL API's words, sorted.

    Raises:
        ReasonerError: the Java machine does not start, or the OWL API cannot read them.
    """
    with tempfile.TemporaryDirectory(prefix="smegraph-") as folder:
        path = Path(folder) / "ontology.nt"
        path.write_text("".join(without_imports(lines)), encoding="utf-8")
        command = [sys.executable, "-m", __name__, java, str(path)]
        found = os.pathsep.join(path for path in sys.path if path)  # where this package was found
        environment = {**os.environ, "PYTHONPATH": found}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise ReasonerError(f"The OWL API gives no answer: {' '.join(done.stderr.split())[:600]}")
    return sorted({_shortened(line) for line in done.stdout.splitlines() if line})


def _shortened(violation: str) -> str:
    return re.sub(r" in OntologyID\(.*$", "", violation).rstrip("]") + (
        "]" if "[" in violation else ""
    )


class _Options(ctypes.Structure):
    _fields_ = (("text", ctypes.c_char_p), ("extra", ctypes.c_void_p))


class _Arguments(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int32),
        ("count", ctypes.c_int32),
        ("options", ctypes.POINTER(_Options)),
        ("ignore", ctypes.c_ubyte),
    )


class _Machine:
    """A Java machine in this process; a Java exception ends the process with its trace."""

    def __init__(self, java: str, class_path: str) -> None:
        home = Path(java).resolve().parent.parent
        library = ctypes.CDLL(str(next(home.glob("lib/server/libjvm.*"))))
        texts = (f"-Djava.class.path={class_path}", "-Xmx2000M", "-Xrs")
        options = (_Options * len(texts))(*(_Options(text.encode(), None) for text in texts))
        arguments = _Arguments(_JNI_VERSION, len(texts), options, 0)
        machine, self._env = ctypes.c_void_p(), ctypes.c_void_p()
        created = library.JNI_CreateJavaVM(
            ctypes.byref(machine), ctypes.byref(self._env), ctypes.byref(arguments)
        )
        if created != 0:
            sys.exit("the Java machine does not start")
        table = ctypes.cast(self._env, ctypes.POINTER(ctypes.c_void_p))[0]
        self._table = ctypes.cast(ctypes.c_void_p(table), ctypes.POINTER(ctypes.c_void_p))

    def _jni(self, position: int, result: Any, *arguments: Any) -> Any:
        types = [
            ctypes.c_char_p if isinstance(argument, bytes) else ctypes.c_void_p
            for argument in arguments
        ]
        function = ctypes.CFUNCTYPE(result, ctypes.c_void_p, *types)(self._table[position])
        answer = function(self._env, *arguments)
        occurred = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
        if occurred(self._table[_EXCEPTION_OCCURRED])(self._env):
            describe = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
            describe(self._table[_EXCEPTION_DESCRIBE])(self._env)
            sys.exit(1)
        return answer

    def _class(self, name: str) -> Any:
        return self._jni(_FIND_CLASS, ctypes.c_void_p, name.encode())

    def string(self, text: str) -> Any:
        return self._jni(_NEW_STRING, ctypes.c_void_p, text.encode())

    def text(self, string: Any) -> str:
        found: bytes = self._jni(_STRING_CHARS, ctypes.c_char_p, string, None)
        return found.decode("utf-8", errors="replace")

    def new(self, class_: str, signature: str, *values: Any) -> Any:
        found = self._class(class_)
        method = self._jni(_GET_METHOD, ctypes.c_void_p, found, b"<init>", signature.encode())
        return self._jni(_NEW_OBJECT, ctypes.c_void_p, found, method, _values(values))

    def call(self, object_: Any, class_: str, name: str, signature: str, *values: Any) -> Any:
        method = self._jni(
            _GET_METHOD, ctypes.c_void_p, self._class(class_), name.encode(), signature.encode()
        )
        if signature.endswith("Z"):
            return self._jni(_CALL_BOOLEAN, ctypes.c_ubyte, object_, method, _values(values))
        return self._jni(_CALL_OBJECT, ctypes.c_void_p, object_, method, _values(values))

    def call_static(self, class_: str, name: str, signature: str) -> Any:
        found = self._class(class_)
        method = self._jni(
            _GET_STATIC_METHOD, ctypes.c_void_p, found, name.encode(), signature.encode()
        )
        return self._jni(_CALL_STATIC_OBJECT, ctypes.c_void_p, found, method, _values(()))


def _values(values: Sequence[Any]) -> Any:
    """An array of ``jvalue``; the objects in it are pointers."""
    array = (ctypes.c_int64 * max(1, len(values)))(*values)
    return ctypes.cast(array, ctypes.c_void_p)


def _print_violations(java: str, path: str) -> None:
    import owlready2

    hermit = Path(owlready2.__file__).parent / "hermit"
    machine = _Machine(java, f"{hermit}:{hermit / 'HermiT.jar'}")
    manager = machine.call_static(
        "org/semanticweb/owlapi/apibinding/OWLManager",
        "createOWLOntologyManager",
        f"()L{_MODEL}OWLOntologyManager;",
    )
    file = machine.new("java/io/File", "(Ljava/lang/String;)V", machine.string(path))
    ontology = machine.call(
        manager, f"{_MODEL}OWLOntologyManager", "loadOntologyFromOntologyDocument",
        f"(Ljava/io/File;)L{_MODEL}OWLOntology;", file,
    )  # fmt: skip
    report = machine.call(
        machine.new(f"{_PROFILES}OWL2DLProfile", "()V"), f"{_PROFILES}OWLProfile", "checkOntology",
        f"(L{_MODEL}OWLOntology;)L{_PROFILES}OWLProfileReport;", ontology,
    )  # fmt: skip
    found = machine.call(
        report, f"{_PROFILES}OWLProfileReport", "getViolations", "()Ljava/util/List;"
    )
    walk = machine.call(found, "java/util/List", "iterator", "()Ljava/util/Iterator;")
    while machine.call(walk, "java/util/Iterator", "hasNext", "()Z"):
        violation = machine.call(walk, "java/util/Iterator", "next", "()Ljava/lang/Object;")
        shown = machine.call(violation, "java/lang/Object", "toString", "()Ljava/lang/String;")
        print(" ".join(machine.text(shown).split()))


if __name__ == "__main__":
    _print_violations(sys.argv[1], sys.argv[2])
    sys.stdout.flush()
