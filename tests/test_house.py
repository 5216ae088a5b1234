"""The house rules that a machine can check: directions of imports, sizes, docstrings, public names, what no file holds.

A rule that is in the way is changed here, in the open, with its reason; there are no exceptions elsewhere.
"""

from __future__ import annotations

import ast
import graphlib
import importlib
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from irl_logging.ordinary import DESCRIPTION
from irl_logging.redaction.described import built_in

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "irl_logging"
HOME = str(Path.home())  # of whoever runs the tests; inside a test it is another one

# Low to high. A module imports only modules above it in this list (lower layers) and those of its own package; imports
# inside functions and for types count too. A new module gets its place here: as high up as what it imports allows.
LAYERS = (
    "version",
    "errors",
    "arguments",
    "forks",
    "commands",
    "lifecycle",
    "line",
    "naming",
    "tracebacks",
    "git",
    "whereabouts",
    "ordinary",
    "settings",
    "redaction",
    "notices",
    "identity",
    "storage",
    "reaping",
    "manifest",
    "checking",
    "resolving",
    "recording",
    "audit",
    "directives",
    "context",
    "endings",
    "expectations",
    "results",
    "steps",
    "runs",
    "exits",
    "logs",
    "implicit",
    "planning",
    "snapshots",
    "execution",
    "detached",
    "configured",
    "workflows",
    "routing",
    "records",
    "details",
    "handler",
    "processors",
    "config",
    "diagnosis",
    "history",
    "retention",
    "compliance",
    "collectors",
    "scanning",
    "__init__",
    "testing",
    "web",
    "cli",
    "__main__",
)
# What only some layers may know.
LOGGING_FROM = "records"  # the handler's own records, right below it
ONLY_IN = {"structlog": "processors", "click": "cli"}
TERMINAL_ONLY_IN = "cli"

MODULE_LINES = 400
FUNCTION_LINES = 60  # without decorators and docstring: what has to fit on a screen is the code

# Not one of these is loaded by `import irl_logging`: each costs as much as all the rest.
IMPORT_BUDGET = ("asyncio", "click", "importlib.metadata", "portalocker", "pythonjsonlogger", "re2", "structlog")

SOURCES = sorted((ROOT / PACKAGE).rglob("*.py"))


# Reading


def module_name(path: Path) -> str:
    """Return the dotted name of a source file, packages with their `__init__`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def layer_of(module: str) -> str:
    """Return the layer of a dotted module name: the part after the package's name."""
    return module.split(".")[1] if "." in module else "__init__"


def rank(layer: str, where: str) -> int:
    """Return how high a layer is, or fail with what to do about an unknown one."""
    if layer not in LAYERS:
        pytest.fail(f"{where}: the layer {layer!r} has no place yet; give it one in LAYERS of tests/test_house.py")
    return LAYERS.index(layer)


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) for each import anywhere in a module; `from a import b` gives `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{origin}.{alias.name}") for alias in node.names)


def own_module(name: str) -> str | None:
    """Return the module of ours that `import name` loads, None where it is somebody else's."""
    if name.split(".", 1)[0] != PACKAGE:
        return None
    known = {module_name(path).removesuffix(".__init__") for path in SOURCES}
    while name not in known:
        name = name.rpartition(".")[0]
    return name


def upward_imports(module: str, tree: ast.AST) -> list[str]:
    """Return a sentence for each import of `module` that its layer must not have."""
    faults = []
    layer = layer_of(module)
    for line, name in imports_of(tree):
        where = f"{module}:{line}"
        target = own_module(name)
        top = name.split(".", 1)[0]
        if name.startswith("."):
            faults.append(f"{where}: imports are absolute, found {name}")
        elif target and layer_of(target) != layer and rank(layer_of(target), where) >= rank(layer, where):
            faults.append(f"{where}: {layer} imports {layer_of(target)}, which is above it")
        elif top == "logging" and rank(layer, where) < LAYERS.index(LOGGING_FROM):
            faults.append(f"{where}: logging is known from {LOGGING_FROM} upwards only")
        elif top in ONLY_IN and layer != ONLY_IN[top]:
            faults.append(f"{where}: {top} is known to {ONLY_IN[top]} only")
    return faults


def terminal_uses(module: str, tree: ast.AST) -> list[str]:
    """Return a sentence for each place outside `cli` that talks to the terminal."""
    if layer_of(module) == TERMINAL_ONLY_IN:
        return []
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "input"}:
            faults.append(f"{module}:{node.lineno}: {node.func.id}() belongs into {TERMINAL_ONLY_IN}/")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.stdout":
            faults.append(f"{module}:{node.lineno}: sys.stdout belongs into {TERMINAL_ONLY_IN}/")
    return faults


def missing_docstrings(module: str, tree: ast.Module) -> list[str]:
    """Return a sentence for the module, each public class, function and method that has no docstring."""
    faults = [] if ast.get_docstring(tree) else [f"{module}:1: the module has no docstring"]
    pending: list[ast.AST] = [tree]
    while pending:
        for node in pending.pop().body:  # type: ignore[attr-defined]  # only nodes with a body are put there
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
                continue
            marks = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
            if not ast.get_docstring(node) and not marks & {"overload", "setter", "deleter"}:
                faults.append(f"{module}:{node.lineno}: {node.name} has no docstring")
            if isinstance(node, ast.ClassDef):
                pending.append(node)
    return faults


def long_functions(module: str, tree: ast.AST) -> list[str]:
    """Return a sentence for each function that does not fit on a screen."""
    faults = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
            lines = node.end_lineno - node.lineno + 1 - (doc.end_lineno - doc.lineno + 1 if doc else 0)
            if lines > FUNCTION_LINES:
                faults.append(
                    f"{module}:{node.lineno}: {node.name} has {lines} lines, {FUNCTION_LINES} fit on a screen"
                )
    return faults


# The package


def faults_in_sources(check: Callable[[str, ast.Module], list[str]]) -> list[str]:
    """Return what `check` finds in all modules of the package."""
    return [
        fault
        for path in SOURCES
        for fault in check(module_name(path), ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))
    ]


def test_imports_go_downward():
    """A layer imports lower layers only; logging, structlog and click are known where they belong."""
    assert faults_in_sources(upward_imports) == []


def test_no_import_cycles():
    """No module imports itself by way of others, inside a layer either."""
    graph = {
        module_name(path).removesuffix(".__init__"): {
            own_module(name) for _, name in imports_of(ast.parse(path.read_text(encoding="utf-8")))
        }
        for path in SOURCES
    }
    try:
        graphlib.TopologicalSorter({name: needs - {None, name} for name, needs in graph.items()}).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"these modules import each other: {' -> '.join(error.args[1])}")


def test_only_the_command_line_knows_the_terminal():
    """No print, input or sys.stdout below cli/."""
    assert faults_in_sources(terminal_uses) == []


def test_public_names_have_docstrings():
    """Every module, public class, function and method says what it is for."""
    assert faults_in_sources(missing_docstrings) == []


def test_functions_fit_on_a_screen():
    """No function is longer than a screen."""
    assert faults_in_sources(long_functions) == []


def test_modules_are_small():
    """No module has more lines than one person reads in one go."""
    lengths = {module_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_public_names():
    """`__all__` is sorted and complete: what is there at run time, for `dir` and for type checkers, is the same."""
    package = importlib.import_module(PACKAGE)
    exported = list(package.__all__)
    assert exported == sorted(exported)
    for name in exported:
        assert getattr(package, name) is not None, name
    ours = {name for name, value in vars(package).items() if getattr(value, "__module__", "").startswith(PACKAGE)}
    assert {name for name in ours if not name.startswith("_")} == set(exported)
    assert set(exported) <= set(dir(package))
    source = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    imported = {name.rpartition(".")[2] for _, name in imports_of(source) if name.startswith(f"{PACKAGE}.")}
    assert imported - {"__version__"} == set(exported)


@pytest.mark.parametrize(
    "statement", ["import irl_logging", "from irl_logging import Execution, WorkflowHandler, configure"]
)
def test_import_budget(statement, run_python):
    """Importing us loads nothing that is slow; what needs it imports it in the function that does."""
    result = run_python(
        "import sys\n"
        "before = set(sys.modules)\n"
        f"{statement}\n"
        f"print(sorted(set({IMPORT_BUDGET!r}) & (set(sys.modules) - before)))"
    )
    assert (result.stdout, result.stderr) == ("[]\n", "")


# Every file of the repository


def repository_files() -> list[Path]:
    """Return what git has or would add; all files below the directory where it is no repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not set(path.relative_to(ROOT).parts) & {".venv", "demo"}]
    return [path for path in paths if path.is_file()]


def forbidden_text() -> dict[str, re.Pattern[str]]:
    """Return what no file may hold; put together here, so that this file does not hold it either."""
    paths = [re.escape(f"{path}/") for path in (str(ROOT), HOME, "/" + "work", "/" + "root") if len(path) > 1]
    hosts = [("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org")]
    secrets = [
        "sk-" + r"(?:ant|proj|or)-[A-Za-z0-9_-]{8,}",
        "sk_" + r"(?:live|test)_[A-Za-z0-9]{8,}",
        "AKIA" + r"[0-9A-Z]{16}",
        "AIza" + r"[0-9A-Za-z_-]{30,}",
        "gh" + r"[pousr]_[A-Za-z0-9]{20,}",
        "github_" + r"pat_[A-Za-z0-9_]{20,}",
        "glpat" + r"-[A-Za-z0-9_-]{16,}",
        "xox" + r"[abeoprs]-[A-Za-z0-9-]{10,}",
        "hf" + r"_[A-Za-z0-9]{20,}",
        "npm" + r"_[A-Za-z0-9]{30,}",
        "eyJ" + r"[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}",
        "-----BEGIN " + r"[A-Z ]*PRIVATE KEY-----",
    ]
    return {
        "a path of one machine": re.compile(r"(?<![\w.~-])(?:" + "|".join(paths) + ")"),
        "the host of a package registry": re.compile("|".join(re.escape(".".join(parts)) for parts in hosts)),
        "what looks like a secret": re.compile(r"(?<![A-Za-z0-9])(?:" + "|".join(secrets) + ")"),
    }


def test_no_file_holds_what_is_not_ours_to_tell():
    """No machine path, registry host or secret-looking literal: tests put such text together at run time."""
    patterns = forbidden_text()
    faults = []
    for path in repository_files():
        text = path.read_text(encoding="utf-8", errors="replace")
        for what, pattern in patterns.items():
            faults += [
                f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {what}: {found[0][:8]}..."
                for found in pattern.finditer(text)
            ]
    assert faults == []


# The rules themselves


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("irl_logging.line", "from irl_logging import handler", "line imports handler, which is above it"),
        ("irl_logging.line", "def f():\n  import irl_logging.cli", "line imports cli, which is above it"),
        ("irl_logging.naming", "if TYPE_CHECKING:\n  from irl_logging.runs import Run", "naming imports runs"),
        ("irl_logging.runs", "import logging.config", "logging is known from records upwards only"),
        ("irl_logging.config", "from structlog import get_logger", "structlog is known to processors only"),
        ("irl_logging.web.app", "import click", "click is known to cli only"),
        ("irl_logging.storage.sink", "from . import files", "imports are absolute"),
    ],
)
def test_an_upward_import_is_found(module, source, fault, monkeypatch):
    """Each kind of import that a layer must not have gives its own sentence."""
    monkeypatch.setattr(sys.modules[__name__], "SOURCES", [ROOT / PACKAGE / f"{name}.py" for name in LAYERS])
    (found,) = upward_imports(module, ast.parse(source))
    assert fault in found


def test_an_unknown_layer_says_where_it_goes():
    """A module that is not in the list fails with what to do."""
    with pytest.raises(pytest.fail.Exception, match=r"give it one in LAYERS of tests/test_house\.py"):
        upward_imports("irl_logging.helpers", ast.parse("import logging"))


def test_the_description_of_the_rules_is_up_to_date():
    """What processes ask that load no rules is what the rules would ask: else secrets come through in their logs."""
    assert zlib.decompress(Path(DESCRIPTION).read_bytes()) == zlib.decompress(built_in()), "run `make rules`"


@pytest.mark.parametrize(
    ("check", "source", "fault"),
    [
        (terminal_uses, "print('x')", "print() belongs into cli/"),
        (terminal_uses, "import sys\nsys.stdout.write('x')", "sys.stdout belongs into cli/"),
        (missing_docstrings, "x = 1", "the module has no docstring"),
        (missing_docstrings, '"""Doc."""\nclass A:\n  """Doc."""\n  def f(self): ...', "f has no docstring"),
        (long_functions, "def f():\n" + "  x = 1\n" * 60, "f has 61 lines"),
    ],
)
def test_a_fault_is_found(check, source, fault):
    """Each rule finds what it is there for."""
    (found,) = check("irl_logging.line", ast.parse(source))
    assert fault in found


@pytest.mark.parametrize(
    "text",
    [
        "/" + "work/main/x",
        "files." + "pythonhosted" + ".org",
        "sk-" + "ant-" + "0123456789",
        "ghp" + "_" + "a1" * 18,
        "AKIA" + "ABCDEFGHIJKLMNOP",
    ],
)
def test_forbidden_text_is_found(text):
    """Paths, hosts and tokens are recognised."""
    assert [what for what, pattern in forbidden_text().items() if pattern.search(f"see {text} there")] != []
