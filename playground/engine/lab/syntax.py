"""A typed line as a syntax tree, once everything that the language does not have is refused. Nothing is computed here."""

import ast
import warnings

from playground.core.lab.limits import MOST_DEPTH, MOST_NODES
from playground.core.lab.topics import LONGEST_LINE
from playground.core.text import _
from playground.engine.lab.refusal import LineProblem, Refusal

_DEEPEST_BRACKETS = 20

_EXPRESSIONS = (
    ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Subscript, ast.Slice, ast.Tuple, ast.List,
    ast.BinOp, ast.UnaryOp, ast.Compare,
)  # fmt: skip
_SIGNS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult, ast.BitAnd, ast.BitOr, ast.BitXor,
    ast.USub, ast.UAdd, ast.Invert, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Load, ast.Store,
)  # fmt: skip
_STATEMENTS = (ast.Expr, ast.Assign, ast.AugAssign, ast.With)

# What is refused by a sentence of its own: node -> what, fix
_TOLD: dict[type[ast.AST], tuple[str, str]] = {
    ast.Import: (_("nothing is imported here"), _("Leave it out: torch, F, np and math are here already")),
    ast.ImportFrom: (_("nothing is imported here"), _("Leave it out: torch, F, np and math are here already")),
    ast.Lambda: (_("the lab has no lambda"), _("Write what it would compute")),
    ast.NamedExpr: (_("a name is not given inside of an expression"), _("Give it in a line of its own, with =")),
    ast.JoinedStr: (_("the lab does not format texts"), _("Write the name of a tensor alone to see it")),
    ast.ListComp: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.SetComp: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.DictComp: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.GeneratorExp: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.For: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.While: (_("the lab has no loops"), _("Compute with whole tensors, as in torch.arange(5) ** 2")),
    ast.IfExp: (_("the lab has no if"), _("Choose number by number with torch.where(condition, a, b)")),
    ast.BoolOp: (_("and, or do not work number by number"), _("Write (a > 1) & (b > 1), or |")),
    ast.Not: (_("not does not work number by number"), _("Write ~a, or torch.logical_not(a)")),
    ast.FunctionDef: (_("the lab has no functions of your own"), _("Write what it would compute, line by line")),
    ast.ClassDef: (_("the lab has no classes"), _("Write what it would compute, line by line")),
    ast.Dict: (_("the lab has no dictionaries"), _("Use a list")),
    ast.Set: (_("the lab has no sets"), _("Use a list")),
    ast.Starred: (_("* does not unpack here"), _("Write the values one by one")),
    ast.Delete: (_("nothing is deleted by a line"), _("Remove the line that made it")),
}


def parsed(text: str) -> ast.stmt:
    """The one statement of a line. raises LineProblem: it is empty, too long, no Python, or more than the lab's language"""
    line = _code(text)
    _refuse_deep_brackets(line)
    tree = _tree(line)
    if len(tree.body) != 1:
        raise LineProblem.at(tree.body[1], Refusal(_("one line holds one statement"), _("Make two lines of it")))
    statement = tree.body[0]
    if isinstance(statement, ast.With) and len(statement.body) == 1 and isinstance(statement.body[0], ast.With):
        raise LineProblem.at(statement.body[0], Refusal(_("one with is enough in a line")))
    _allow(statement, MOST_DEPTH, [0])
    return statement


def _code(text: str) -> str:
    """The line without its comment. raises LineProblem: it is too long, or has signs that are no ASCII"""
    if len(text) > LONGEST_LINE:
        what = _("the line has {n:,} characters, more than the {most} that it may have")
        raise LineProblem.at(
            (LONGEST_LINE, len(text)),
            Refusal(what.format(n=len(text), most=LONGEST_LINE), _("Make two lines of it")),
        )
    code = text.partition("#")[0].rstrip()
    if not code.strip():
        raise LineProblem.at((0, 1), Refusal(_("the line is empty"), _("Write a line such as a = torch.arange(12)")))
    for column, sign in enumerate(code):
        if not " " <= sign <= "~":
            what = _("this sign is not of those that Python's own words are written in")
            fix = _("Write it with the plain letters and signs of the keyboard")
            raise LineProblem.at((column, column + 1), Refusal(what, fix))
    begin = len(code) - len(code.lstrip())
    if begin:
        raise LineProblem.at((0, begin), Refusal(_("the line begins with a space"), _("Begin it at the left")))
    return code


def _refuse_deep_brackets(line: str) -> None:
    """Before Python's own parser sees them: it has limits, too, but says less."""
    depth = signs = 0
    for column, sign in enumerate(line):
        depth += (sign in "([{") - (sign in ")]}")
        signs = signs + 1 if sign in "-+~" else 0 if sign != " " else signs
        if depth > _DEEPEST_BRACKETS or signs > _DEEPEST_BRACKETS:
            what = _("it is nested more than {n} deep").format(n=_DEEPEST_BRACKETS)
            raise LineProblem.at(
                (column, column + 1), Refusal(what, _("Give names to its parts, in lines of their own"))
            )


def _tree(line: str) -> ast.Interactive:
    """As if it were typed at Python's prompt: of the text of a file, a fault is looked up in that file, which is opened."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on odd literals
            return ast.parse(line + "\n", mode="single")
    except SyntaxError as error:
        begin = max((error.offset or 1) - 1, 0)
        end = max((error.end_offset or 0) - 1, begin + 1)
        what = _("this is no line of Python: {message}").format(message=error.msg)
        raise LineProblem.at((begin, end), Refusal(what)) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        what = _("this is no line of Python: {message}").format(message=error or type(error).__name__)
        raise LineProblem.at((0, max(len(line), 1)), Refusal(what)) from None


def _allow(node: ast.AST, depth: int, count: list[int]) -> None:
    """raises LineProblem: at the first node that the language does not have"""
    count[0] += 1
    if depth == 0 or count[0] > MOST_NODES:
        raise LineProblem.at(
            node, Refusal(_("the line is too long to be followed"), _("Give names to its parts, in lines of their own"))
        )
    if isinstance(node, ast.stmt):
        allowed = isinstance(node, _STATEMENTS)
    else:
        allowed = isinstance(node, (*_EXPRESSIONS, *_SIGNS, ast.withitem))
    if not allowed:
        raise _unknown(node)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name.startswith("_"):
            what = _("names that begin with _ are Python's own, and closed here")
            raise LineProblem.at(node, Refusal(what, _("Choose another name")))
    if isinstance(node, ast.Constant) and not isinstance(node.value, (bool, int, float, str, type(None), type(...))):
        raise LineProblem.at(node, Refusal(_("the lab has no numbers or texts of this kind"), _("Use real numbers")))
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _SIGNS):
            continue
        if isinstance(child, (ast.operator, ast.unaryop, ast.cmpop)):
            raise _unknown(child, node)
        _allow(child, depth - 1, count)


def _unknown(node: ast.AST, where: ast.AST | None = None) -> LineProblem:
    what, fix = _TOLD.get(type(node), (_("the lab's small language has no such thing"), ""))
    return LineProblem.at(where or node, Refusal(what, fix))
