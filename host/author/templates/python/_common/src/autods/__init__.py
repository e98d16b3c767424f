"""What a plugin needs besides the contract: faults, parameters, cells, tables, Arrow streams.

Pure Python: there is no pyarrow in WebAssembly. Change it as you like; it is part of your plugin.
"""
