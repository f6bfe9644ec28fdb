"""Figures: frozen values read from the books; nothing here writes.

    counter       what the till and the customer's display show
    closing       the figures of a shift and of a day
    auditing      are the books whole?
    paperwork     documents laid out for paper
    exporting     tables as files
    online        sales that other programs registered
    office        what a manager looks at
    watching      what machines that watch the shop are told

Services may use a figure when they write it down for good; a figure never uses a service.
"""
