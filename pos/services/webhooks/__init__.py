"""Other systems that are told what happens: who they are, what is put out, how it leaves."""
