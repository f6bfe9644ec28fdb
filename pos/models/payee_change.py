"""When another account began to be paid at a store or a till: what its tills tell for a day."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.database import Base
from pos.models.merchant import GatewayAccount, Till
from pos.models.types import Instant, Name


class PayeeChange(Base):
    """One change of who is paid; rows are added, never changed.

    `till_id` is None where it is the whole store's. `set_by` is a person's name as it was then.
    """

    __tablename__ = "payee_change"
    __table_args__ = (Index("ix_payee_change_store_id", "store_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("store.id"))
    till_id: Mapped[int | None] = mapped_column(ForeignKey("till.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("gateway_account.id"))
    set_by: Mapped[Name]
    at: Mapped[Instant]

    till: Mapped[Till | None] = relationship()
    account: Mapped[GatewayAccount] = relationship()
