"""Reads the source of the product for the checks that keep the house standing: its floors, files, imports and names."""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "chuangju"

# From the ground up, as in ARCHITECTURE.md and .importlinter; a test holds the three together.
FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"rules", "papers"}),
    frozenset({"kernel"}),
    frozenset({"ui"}),
    frozenset({"units"}),
    frozenset({"scoring", "indicators"}),
    frozenset({"programme"}),
    frozenset({"ventures"}),
    frozenset({"budget"}),
    frozenset({"policies"}),
    frozenset({"applications", "activities"}),
    frozenset({"partners"}),
    frozenset({"training", "mentoring", "outreach", "innovation"}),
    frozenset({"desk"}),
    frozenset({"portal"}),
)
FLOOR_OF = {package: number for number, floor in enumerate(FLOORS) for package in floor}

# Inside a package, from below: a file imports nothing that stands higher in its own package.
MODELS, ACCESS, RULES, REGISTRATIONS, FORMS, PAGES, ADDRESSES = range(7)
RANK_NAMES = ("models", "access", "rules files", "apps/demo/jobs/search/indicators", "forms", "pages", "urls")
RANKS = {
    "models": MODELS,
    "access": ACCESS,
    "apps": REGISTRATIONS,
    "demo": REGISTRATIONS,
    "jobs": REGISTRATIONS,
    "search": REGISTRATIONS,
    "indicators": REGISTRATIONS,
    "forms": FORMS,
    "views": PAGES,
    "api": PAGES,
    "middleware": PAGES,
    # What allauth asks for in the course of a request.
    "adapters": PAGES,
    "city_adapters": PAGES,
    "permissions": PAGES,
    # Views that somebody saved of a list, not views of the web.
    "saved_views": RULES,
    "context_processors": PAGES,
    "templatetags": PAGES,
    "management": PAGES,
    "urls": ADDRESSES,
}
# Files whose name says one thing and whose place is another, each with its reason.
PLACES_OF_THEIR_OWN = {
    # Field types are what models are made of; they need refusals and masks, which need nothing.
    "chuangju.kernel.encryption": MODELS,
    "chuangju.kernel.masking": MODELS,
    "chuangju.kernel.refusals": MODELS,
    "chuangju.kernel.demo": RULES,  # the registry of demo data, which other rules of kernel load from
    # What plans hand to the packages below: asked about this moment, like the other registrations.
    "chuangju.programme.plan_words": REGISTRATIONS,
    "chuangju.programme.words": REGISTRATIONS,
    # Whose cases are whose on the applicant's side: the part of access that has no desk in it.
    "chuangju.applications.applicant_access": ACCESS,
    "chuangju.kernel.jobs": RULES,  # the rules of background work itself, not what one package lets run
    "chuangju.kernel.search": RULES,  # finding itself; what there is to find is registered by packages above
}
_SKIPPED_FOLDERS = {"migrations", "__pycache__"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file below these folders of the project, migrations apart."""
    found = []
    for folder in folders:
        paths = sorted((ROOT / folder).rglob("*.py"))
        found += [path for path in paths if not _SKIPPED_FOLDERS.intersection(path.relative_to(ROOT).parts)]
    return found


def label_of(path: Path) -> str:
    """The path as people write it: from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def source_of(path: Path) -> str:
    """The text of a file; what is not UTF-8 (a sample in another encoding) stands as replacement signs."""
    return path.read_text(encoding="utf-8", errors="replace")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(source_of(path), filename=str(path))


def package_of(path: Path) -> str:
    """The package under chuangju/ that a file belongs to; empty outside."""
    parts = path.relative_to(ROOT).parts
    return parts[1] if parts[0] == "chuangju" and len(parts) > 2 else ""


def existing_packages() -> set[str]:
    """The packages that stand under chuangju/."""
    return {path.parent.name for path in PACKAGES.glob("*/__init__.py")}


def may_use(package: str, other: str) -> bool:
    """Whether a package may know another one: itself and every lower floor."""
    return package == other or FLOOR_OF[other] < FLOOR_OF[package]


def rank_of(module: str) -> int | None:
    """Where a module stands inside its package; None for the package itself, which holds only its docstring."""
    parts = module.split(".")[2:]
    if module in PLACES_OF_THEIR_OWN or not parts:
        return PLACES_OF_THEIR_OWN.get(module)
    name = parts[0]
    if name in RANKS:
        return RANKS[name]
    # What a part of a large package hands downwards, called from its apps.py.
    if name.endswith("_registrations"):
        return REGISTRATIONS
    for role in ("views", "api", "forms"):
        if fnmatch.fnmatch(name, f"*_{role}") or fnmatch.fnmatch(name, f"{role}_*"):
            return RANKS[role]
    return RULES


def module_name(path: Path) -> str:
    """The dotted name of a Python file."""
    dotted = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
    return dotted.removesuffix(".__init__")


@lru_cache(maxsize=1)
def import_graph() -> dict[str, frozenset[str]]:
    """Which module of the product imports which, wherever in the file the import stands."""
    modules = {module_name(path) for path in python_files("chuangju", "config")}
    return {module_name(path): frozenset(_imports(path, modules)) for path in python_files("chuangju", "config")}


def _imports(path: Path, modules: set[str]) -> Iterator[str]:
    own = module_name(path)
    for node in ast.walk(tree_of(path)):
        for name in imported_names(node):
            target = name if name in modules else name.rpartition(".")[0]
            if target in modules and target != own:
                yield target


def imported_names(node: ast.AST) -> list[str]:
    """The dotted names that one import statement brings in (`from a import b` gives a.b)."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def functions_of(tree: ast.AST) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function of a file with its qualified name, nested ones included."""
    yield from _functions(tree, "")


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{child.name}", child
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def string_constants(path: Path) -> Iterator[str]:
    """Every piece of text in a Python file; an f-string comes as a whole, with `*` for its changing parts."""
    inside = set[int]()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def template_files() -> list[Path]:
    """Every template of the product."""
    return sorted(path for path in PACKAGES.glob("*/templates/**/*") if path.is_file())


def template_name(path: Path) -> str:
    """The name by which a template is rendered: what follows `templates/`."""
    return path.relative_to(PACKAGES / package_of(path) / "templates").as_posix()


def without_comments(template: str) -> str:
    """The template without its comments, which may speak of anything."""
    template = re.sub(r"{% comment.*?%}.*?{% endcomment %}", "", template, flags=re.DOTALL)
    return re.sub(r"{#.*?#}", "", template)


def text_files() -> list[Path]:
    """Every file a reader of the repository meets as text, whatever git already knows of it."""
    skipped = {".git", ".venv", "var", "__pycache__", "dist", "htmlcov"}
    suffixes = {
        "",
        ".py",
        ".md",
        ".toml",
        ".txt",
        ".html",
        ".css",
        ".js",
        ".svg",
        ".po",
        ".in",
        ".lock",
        ".cfg",
        ".yml",
        ".sql",
        ".xml",
    }
    found = []
    for path in sorted(ROOT.rglob("*")):
        folders = path.relative_to(ROOT).parts[:-1]
        is_made = any(folder in skipped or (folder.startswith(".") and folder != ".ci") for folder in folders)
        is_made |= path.name.startswith(".") and path.name not in {".gitignore", ".importlinter"}
        if path.is_file() and path.suffix in suffixes and not is_made:
            found.append(path)
    return found
