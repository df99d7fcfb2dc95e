"""What an act would stop, told before it is done: counted and listed (OPS-6).

It is found by trying: the very act is done within a transaction and undone (`kernel.trial`), and what
worked before and does not afterwards is what it stops. So the figure cannot differ from what the act then
does by any rule, only by what somebody else does in between.
"""
