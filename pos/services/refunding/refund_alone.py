"""Who may record a transfer without a second person: the owner of a shop that has no second one."""

from sqlalchemy import select

from pos.errors import BadInput
from pos.extensions import db
from pos.models import Store, User
from pos.permissions import Right, roles_with
from pos.words import _


def refuse(user_id: int) -> None:
    """Raise BadInput unless this person may record a transfer that nobody else agrees to."""
    user = db.session.get_one(User, user_id)
    if not user.may(Right.REFUND_ALONE):
        raise BadInput(_("Another person has to agree to a transfer that you have made."))
    merchant = select(Store.merchant_id).where(Store.id == user.home_store_id).scalar_subquery()
    query = (
        select(User.display_name)
        .join(User.home_store)
        .where(Store.merchant_id == merchant, User.id != user_id, User.is_active)
        .where(User.role.in_(roles_with(Right.APPROVE)))
    )
    other = db.session.scalar(query.order_by(User.id).limit(1))
    if other is not None:
        raise BadInput(
            _("%(name)s, too, may agree to it. You record it alone where nobody may.", name=other)
        )
