"""What cash really changed hands: the witness that drawers and reports are held against.

Notes go over the counter as the seed says; what comes back is what the till told the cashier.
A form that nobody saw the end of counts where the books have it, and then in full.
"""

from dataclasses import dataclass, field

from pos.cash import Cash
from pos.money import Money


@dataclass
class Form:
    """One thing done at a drawer: the notes that went in, or are to move, and what came back."""

    kind: str
    notes: Cash
    shift_id: int
    amount: Money | None = None
    back: Cash | None = None
    is_told: bool = False

    def tell(self, back: Cash) -> None:
        """Note what the till said: the notes to hand out, for good."""
        assert self.back in (None, back), f"a form was told {self.back}, and then {back}"
        self.back, self.is_told = back, True


@dataclass
class Purse:
    """Every form by its key, and the floats by shift."""

    forms: dict[str, Form] = field(default_factory=dict)
    floats: dict[int, Cash] = field(default_factory=dict)

    def fill_in(self, key: str, form: Form) -> Form:
        """Note that a form is about to be sent; the same key again is the same form."""
        return self.forms.setdefault(key, form)
