"""Run apart, before the shop opens: the database brought up to date, and on the first start
a demo shop put into it.
"""
