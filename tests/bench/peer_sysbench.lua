-- An event that does nothing.
function event() -- luacheck: ignore 111 131
end
