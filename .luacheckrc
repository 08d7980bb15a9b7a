-- Scripts are Lua 5.4 and make no globals; what conrun hands them comes as arguments.
std = "lua54"
max_line_length = 100

-- Functions that only an editor reads do nothing with their parameters and tables.
files["lua/meta"] = { ignore = { "212", "241" } }
