"""Documents with Khmer names and goods, as a shop would print them."""

from dataclasses import replace

from pos.paper.document import Document, Line, Section, Table

SHOP = "ហាងកាហ្វេទន្លេមេគង្គ"
CASHIER = "អ្នកគិតលុយ ស្រីមុំ ចិន្តា"
GOODS = ("កាហ្វេទឹកដោះគោទឹកកក ២ កែវ", "នំប៉័ងសាច់ក្រក ស្ត្រីចិញ្ច្រាំ", "Iced coffee, ទឹកក្រូច")

RECEIPT = Document(
    shop=SHOP,
    subtitle="ក្រុមហ៊ុន ស្រស់ស្អាត, ភ្នំពេញ",
    title="RECEIPT 1207",
    facts=(Line(label="Cashier", value=CASHIER),),
    sections=(
        Section(
            heading="Goods",
            lines=tuple(Line(label=one, value="៛15,000", is_strong=True) for one in GOODS),
        ),
        Section(
            heading="Paid",
            table=Table(
                columns=("Tender", "Count", "Amount"),
                rows=(("KHQR", "1", "$3.50"), ("Cash", "12", "៛45,000")),
                figures=frozenset({1, 2}),
            ),
        ),
    ),
    signs=("Cashier", "Manager"),
    foot="Thank you",
)


def long(rows: int) -> Document:
    """Return a document with a table of so many rows."""
    table = Table(
        columns=("Time", "From", "Amount"),
        rows=tuple((f"10:{at:03}", CASHIER, f"${at}.50") for at in range(rows)),
        figures=frozenset({2}),
    )
    return replace(RECEIPT, sections=(Section(heading="Payments", table=table),))
