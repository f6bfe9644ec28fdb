"""Copies of the books: taken while the shop sells, sealed, kept for a while, and put back.

taking      one backup, from the copy to the sealed file
archive     the file: what is in it, and the key that opens it
folder      where backups lie: names, room, how many are kept
keeping     which backups are due or asked for, and what became of them
sqlite      copying and placing an SQLite file
postgres    the same of a PostgreSQL database, by its own tools
restoring   an archive looked over and staged, then put in the place of the books
afterwards  what a restore writes into the books that it puts back
lost        numbers that were printed after the backup
gap         asking the gateways again about what the backup could not know
"""
