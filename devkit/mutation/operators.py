"""The kinds of faults: cosmic-ray's operators, those of them that tell something about tests.

cosmic-ray has a replacement of every operator by every other one: a test that notices one of them
notices nearly always the others too. Here each operator has the replacement that is hardest to
notice: the neighbour of a comparison, the inverse of a calculation.
"""

from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator
from parso.python.tree import Keyword, PythonNode

CHOSEN = (
    # The bound is off by one, or the question is turned round.
    "ReplaceComparisonOperator_Eq_NotEq",
    "ReplaceComparisonOperator_NotEq_Eq",
    "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt",
    "ReplaceComparisonOperator_Gt_GtE",
    "ReplaceComparisonOperator_GtE_Gt",
    "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is",
    # One for each: the inverse, or what gives another result of the same kind.
    "ReplaceBinaryOperator_Add_Sub",
    "ReplaceBinaryOperator_Sub_Add",
    "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_Div_Mul",
    "ReplaceBinaryOperator_FloorDiv_Mul",
    "ReplaceBinaryOperator_Mod_FloorDiv",
    "ReplaceBinaryOperator_Pow_Mul",
    "ReplaceBinaryOperator_RShift_LShift",
    "ReplaceBinaryOperator_LShift_RShift",
    "ReplaceBinaryOperator_BitOr_BitAnd",
    "ReplaceBinaryOperator_BitAnd_BitOr",
    "ReplaceBinaryOperator_BitXor_BitOr",
    "ReplaceUnaryOperator_Delete_USub",
    "ReplaceUnaryOperator_Delete_Invert",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "AddNot",
    "NumberReplacer",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ZeroIterationForLoop",
    # Left out: ExceptionReplacer, as any test of the handler notices it; RemoveDecorator, as the
    # decorators here are caches, which change no result, and the host's, which hold at import.
)
# Type hints and `*` in signatures are no calculations.
CALCULATIONS = {"arith_expr", "term", "expr", "xor_expr", "and_expr", "shift_expr", "power"}
# What the database does faster, with the same result
UNSEEN_ARGUMENTS = {"index"}
# Of these, cosmic-ray has no operators.
AUGMENTED = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|="}


class InvertMembership(Operator):
    """An operator that turns `in` into `not in`, and the reverse."""

    def mutation_positions(self, node):
        """Return the places of the operators in a comparison."""
        if node.type == "comparison":
            for _index, operator in self._found(node):
                yield operator.start_pos, operator.end_pos

    def mutate(self, node, index):
        """Return the comparison with one operator inverted."""
        position, operator = self._found(node)[index]
        word = "in" if operator.type == "comp_op" else "not in"
        node.children[position] = Keyword(word, operator.start_pos, prefix=" ")
        return node

    @staticmethod
    def _found(node):
        return [
            (position, child)
            for position, child in enumerate(node.children)
            if position % 2 and child.get_code().split() in (["in"], ["not", "in"])
        ]

    @classmethod
    def examples(cls):
        """Return what it does, for its tests."""
        return (
            Example("x in y", "x not in y"),
            Example("x not in y", "x in y"),
        )


class InvertAugmentedAssignment(Operator):
    """An operator that turns `+=` into `-=`, and others likewise."""

    def mutation_positions(self, node):
        """Return the place of the operator."""
        if node.type == "operator" and node.value in AUGMENTED:
            yield node.start_pos, node.end_pos

    def mutate(self, node, index):
        """Return the other operator."""
        node.value = AUGMENTED[node.value]
        return node

    @classmethod
    def examples(cls):
        """Return what it does, for its tests."""
        return (Example("x += 1", "x -= 1"),)


def all_operators():
    """Return the operators by their names."""
    found = {name: get_operator(f"core/{name}")() for name in CHOSEN}
    for own in (InvertMembership, InvertAugmentedAssignment):
        found[own.__name__] = own()
    return found


def is_sensible(name, node):
    """Tell whether an operator that could change a node should."""
    if name.startswith("ReplaceBinaryOperator") and node.parent.type not in CALCULATIONS:
        return False
    if node.parent and node.parent.type == "argument":
        if node.parent.children[0].get_code(include_prefix=False) in UNSEEN_ARGUMENTS:
            return False
    return not is_declared_type_or_decorator(node)


def is_declared_type_or_decorator(node):
    """Tell whether a node belongs to what nobody runs, or to the size of a cache."""
    while parent := node.parent:
        if parent.type in ("annassign", "decorator"):
            return not is_value_of(parent, node)
        if parent.type == "tfpdef" or (parent.type == "funcdef" and parent.annotation is node):
            return True
        node = parent
    return False


def is_value_of(parent, node):
    """Tell whether a node is what an annotated name is set to."""
    return isinstance(parent, PythonNode) and "=" in parent.children[: parent.children.index(node)]
