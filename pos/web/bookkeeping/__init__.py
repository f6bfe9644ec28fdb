"""The screens of shifts and days: opened, counted, closed, exported."""
