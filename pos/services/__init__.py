"""The deeds of the shop: each takes values and a database session, never a request.

    selling       an amount typed, a QR on the screen, cash in the drawer
    settling      the one writer of a payment; money that arrives; attention
    asking        when a gateway is asked, within its day's questions, and where
    banking       accounts at gateways, and what gateways post
    reconciling   a day held against the bank once more
    disputing     what customers say against the books
    refunding     money that goes back through a gateway
    bookkeeping   shifts, drawers, counts, corrections
    auditing      the audit log, the chain of reports, the nightly look at the books
    backups       copies of the books: taken, kept, put back
    paperwork     receipts, printing, the archive
    alerting      what is wrong, who is told, the outbox
    api           tokens of other programs, and that a deed sent twice is done once
    webhooks      other systems that are told what happens
    online        sales that other programs register, their till and its shift
    plans         such sales paid in parts, and the money that is held meanwhile
    people        passwords, logins, PINs
    shop          stores, tills, displays, the lease on the timed jobs

A room is where a thing is looked for, no wall: deeds of one room call those of another.
"""
