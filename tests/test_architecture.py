"""The rules of the house, read from the source: who may import whom, and what a file may hold.

Every rule is checked on the syntax tree of every file of ours, so a broken one names file and line.
Exceptions are written down here, each with its reason.
"""

import ast
import importlib.machinery
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("data", "quality", "models", "tasks", "flows")
FOLDERS = (*ROOMS, "benchmarks")

MAY_IMPORT = {
    "data": {"data"},
    "quality": {"quality", "data"},
    "models": {"models", "data"},
    "tasks": {"tasks", "models", "quality", "data"},
    "flows": {"flows", "tasks", "data"},
}
HEAVY = {
    "torch", "transformers", "trl", "peft", "unsloth", "unsloth_zoo", "bitsandbytes", "datasets",
    "safetensors", "llama_cpp", "xllamacpp", "gguf", "sentencepiece", "tokenizers", "accelerate",
}  # fmt: skip

# Command-line ends, whose output is for the program that called them.
MAY_PRINT = (
    "tasks/console.py", "tasks/doctor.py", "flows/__main__.py", "models/server_child.py", "models/gateway.py",
    "models/unsloth_backend.py",
    "benchmarks/",
)  # fmt: skip
# What breaks a rule today, with why; an entry that is no longer needed fails its test.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
ENVIRONMENT_ELSEWHERE = {"models/unsloth_backend.py": "a variable tells Unsloth to return hidden states"}
SQL_ELSEWHERE = {"benchmarks/fuzz_logs.py": "it writes the SQLite files of other programs"}
LOOKED_AT = (
    ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Attribute, ast.Call,
    ast.Constant, ast.ExceptHandler,
)  # fmt: skip
MOST_LINES, MOST_FUNCTION_LINES = 450, 70


def files(*folders: str) -> list[Path]:
    """Every source file of these folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of a file, its nodes knowing their parent."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(module):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]
    return module


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file that a rule looks at."""
    return tuple(node for node in ast.walk(tree(path)) if isinstance(node, LOOKED_AT))


def name(path: Path) -> str:
    """Path as it is written in messages and exceptions."""
    return path.relative_to(ROOT).as_posix()


def parents(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes around `node`, from the inside out."""
    while node := getattr(node, "parent", None):  # type: ignore[assignment]
        yield node


def lazily(node: ast.AST) -> bool:
    """Whether the node runs only when a function is called, or never (imports for type checkers)."""
    for one in parents(node):
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
            return True
        if isinstance(one, ast.If) and "TYPE_CHECKING" in ast.unparse(one.test):
            return True
    return False


def imports(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """(node, dotted module) of every import of a file, relative ones refused by the rule below."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level == 0 and node.module in ROOMS:
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
            else:
                yield node, "." * node.level + (node.module or "")


def top(module: str) -> str:
    return module.split(".")[0]


def none(broken: list[str]) -> None:
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_in_one_direction(room: str) -> None:
    none(
        [
            f"{name(path)}:{node.lineno} imports {module}"
            for path in files(room)
            for node, module in imports(path)
            if top(module) in {*FOLDERS, "tests"} and top(module) not in MAY_IMPORT[room] or module[:1] == "."
        ]
    )


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("prefect", ("tasks/", "flows/")),
        ("duckdb", ("data/store/",)),
        ("sqlite3", ("data/logs/",)),
        ("great_expectations", ("quality/expectations.py",)),
        ("uvicorn", ("models/",)),
        ("starlette", ("models/",)),
        ("rich", ("tasks/", "flows/__main__.py")),
    ],
)
def test_a_library_stays_in_its_room(library: str, homes: tuple[str, ...]) -> None:
    none(
        [
            f"{name(path)}:{node.lineno} imports {module}"
            for path in files(*ROOMS)
            for node, module in imports(path)
            if top(module) == library and not name(path).startswith(homes)
        ]
    )


def test_model_libraries_are_imported_in_models_and_only_when_used() -> None:
    none(
        [
            f"{name(path)}:{node.lineno} imports {module}"
            for path in files(*ROOMS)
            for node, module in imports(path)
            if top(module) in HEAVY and not (name(path).startswith("models/") and lazily(node))
        ]
    )


def test_great_expectations_is_imported_only_when_a_check_runs() -> None:
    path = ROOT / "quality" / "expectations.py"
    found = [node for node, module in imports(path) if top(module) in ("great_expectations", "pandas")]
    assert found
    assert all(lazily(node) for node in found)


SQL = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|"
    r"CREATE\s+(OR\s+REPLACE\s+)?(TEMP\s+)?(TABLE|VIEW|INDEX)\s|ALTER\s+TABLE\s|DROP\s+TABLE\s|PRAGMA\s|CHECKPOINT\b)",
    re.DOTALL,
)


def test_sql_is_written_in_the_store_alone() -> None:
    """The readers of other programs' SQLite files in data/logs bring their own."""
    found = {
        f"{name(path)}:{node.lineno}": name(path)
        for path in files(*FOLDERS)
        if not name(path).startswith(("data/store/", "data/logs/"))
        for node in nodes(path)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    }
    none([f"{place} holds SQL" for place, file in found.items() if file not in SQL_ELSEWHERE])
    none([f"{file} no longer needs its exception" for file in SQL_ELSEWHERE if file not in found.values()])


def test_the_environment_is_read_in_settings_alone() -> None:
    """models/ may copy it for a child process: `{**os.environ, ...}`, or in a function called after that."""
    broken = []
    for path in files(*ROOMS):
        if name(path) in ("data/settings.py", *ENVIRONMENT_ELSEWHERE):
            continue
        for node in nodes(path):
            reads = isinstance(node, ast.Attribute) and node.attr in (
                "environ",
                "getenv",
                "putenv",
                "environb",
            )
            if reads and ast.unparse(node.value) == "os" and not _copied_for_a_child(path, node):
                broken.append(f"{name(path)}:{node.lineno} {ast.unparse(node)}")
            if isinstance(node, ast.ImportFrom) and node.module == "os":
                broken += [f"{name(path)}:{node.lineno}" for alias in node.names if "env" in alias.name]
    none(broken)


def _copied_for_a_child(path: Path, node: ast.AST) -> bool:
    inside = [one.name for one in parents(node) if isinstance(one, ast.FunctionDef)]
    copied = isinstance(node.parent, ast.Dict) or any("child_environment" in one for one in inside)  # type: ignore[attr-defined]
    return name(path).startswith("models/") and copied


def test_flow_files_hold_flows_and_nothing_else() -> None:
    broken = []
    for path in files("flows"):
        if path.stem in ("__init__", "__main__"):
            continue
        for node in tree(path).body:
            if isinstance(node, ast.Import | ast.ImportFrom) or _is_docstring(node):
                continue
            if not (isinstance(node, ast.FunctionDef) and _decorated(node, "flow")):
                broken.append(f"{name(path)}:{node.lineno} {ast.unparse(node).splitlines()[0]}")
        broken += [
            f"{name(path)}:{node.lineno} a class" for node in nodes(path) if isinstance(node, ast.ClassDef)
        ]
    none(broken)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _decorated(node: ast.FunctionDef, wanted: str) -> bool:
    return any(ast.unparse(one).split("(")[0] == wanted for one in node.decorator_list)


def test_no_flow_file_shadows_a_module() -> None:
    """Prefect's loader puts the folder of a flow first on the path, so its stem hides equal names."""
    elsewhere = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT / "flows"]
    stems = [path.stem for path in files("flows") if not path.stem.startswith("__")]
    taken = [
        stem
        for stem in stems
        if stem in sys.stdlib_module_names
        or (ROOT / stem).exists()
        or importlib.machinery.PathFinder.find_spec(stem, elsewhere)
    ]
    assert stems
    none([f"flows/{stem}.py hides another module" for stem in taken])


def test_everything_public_says_what_it_is() -> None:
    broken = []
    for path in files(*FOLDERS):
        module = tree(path)
        if not ast.get_docstring(module):
            broken.append(f"{name(path)} has no docstring")
        for node in nodes(path):
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            inner = any(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in parents(node))
            hidden = [node.name, *(one.name for one in parents(node) if isinstance(one, ast.ClassDef))]
            if not inner and not any(one.startswith("_") for one in hidden) and not ast.get_docstring(node):
                broken.append(f"{name(path)}:{node.lineno} {node.name} has no docstring")
    none(broken)


def test_only_command_line_ends_print() -> None:
    none(
        [
            f"{name(path)}:{node.lineno} prints"
            for path in files(*FOLDERS)
            if not name(path).startswith(MAY_PRINT)
            for node in nodes(path)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]
    )


def test_no_error_is_swallowed_unseen() -> None:
    """`except` names what it expects; catching everything is allowed only to clean up and raise again."""
    broken = []
    for path in files(*FOLDERS):
        for node in nodes(path):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = [] if node.type is None else re.findall(r"\w+", ast.unparse(node.type))
            everything = node.type is None or {"Exception", "BaseException"} & set(caught)
            raises = isinstance(node.body[-1], ast.Raise)
            if everything and not raises:
                broken.append(f"{name(path)}:{node.lineno} swallows everything")
    none(broken)


def test_files_stay_rooms_with_one_purpose() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(*FOLDERS)}
    none([f"{file} has {n} lines" for file, n in sizes.items() if n > MOST_LINES and file not in LONG_FILES])
    none([f"{file} no longer needs its exception" for file in LONG_FILES if sizes.get(file, 0) <= MOST_LINES])


def test_functions_do_one_thing() -> None:
    sizes = {
        f"{name(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in files(*FOLDERS)
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    long = {place: n for place, n in sizes.items() if n > MOST_FUNCTION_LINES}
    none([f"{place} has {n} lines" for place, n in long.items() if place not in LONG_FUNCTIONS])
    none([f"{place} no longer needs its exception" for place in LONG_FUNCTIONS if place not in long])


def test_a_silenced_check_is_named() -> None:
    silenced = re.compile(r"#\s*(noqa|type:\s*ignore)(?!:\s*[A-Z]+\d|\[[\w-]+)")
    none(
        [
            f"{name(path)}:{number} silences every check of its line"
            for path in files(*FOLDERS)
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
            if silenced.search(line)
        ]
    )
