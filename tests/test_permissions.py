import pytest

from pos import permissions
from pos.permissions import RIGHTS, Right, Role

READING = {
    *(Right.OWN_LOGIN, Right.SEE_SALES, Right.SEE_ALL_TILLS, Right.SEE_FIGURES),
    *(Right.EXPORT, Right.READ_AUDIT),
}
"""What changes nothing of the shop's."""


def test_every_role_has_a_row_and_no_right_is_nobodys():
    assert RIGHTS.keys() == set(Role)
    assert frozenset().union(*RIGHTS.values()) == set(Right)


def test_each_step_up_may_do_more_and_nothing_less():
    steps = Role.CASHIER, Role.SUPERVISOR, Role.MANAGER, Role.OWNER
    for lower, upper in zip(steps, steps[1:], strict=False):
        assert RIGHTS[lower] < RIGHTS[upper]


def test_an_auditor_reads_and_does_nothing_else():
    assert RIGHTS[Role.AUDITOR] == READING


def test_a_cashier_sees_no_figures_and_agrees_to_nothing():
    for right in (Right.SEE_FIGURES, Right.APPROVE, Right.SEE_ALL_TILLS, Right.MANAGE_PEOPLE):
        assert not permissions.may(Role.CASHIER, right)


def test_only_an_owner_goes_from_store_to_store():
    assert permissions.roles_with(Right.SEE_ALL_STORES) == (Role.OWNER,)


@pytest.mark.parametrize("by", Role)
@pytest.mark.parametrize("role", Role)
def test_nobody_gives_a_role_above_their_own(by, role):
    manages = by in (Role.MANAGER, Role.OWNER)
    above = role is Role.OWNER and by is not Role.OWNER
    assert permissions.may_appoint(by, role) == (manages and not above)


GOVERNED = {
    Role.MANAGER: {Role.CASHIER, Role.SUPERVISOR, Role.AUDITOR},
    Role.OWNER: set(Role),
}


@pytest.mark.parametrize("by", Role)
@pytest.mark.parametrize("other", Role)
def test_only_who_stands_higher_changes_a_person_and_an_owner_everybody(by, other):
    assert permissions.governs(by, other) == (other in GOVERNED.get(by, set()))
