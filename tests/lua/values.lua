-- What a task may return, and what it counts as.

local values = { 7, -1, 3.0, 0.5, true, false, "12", 0 / 0, -(0 / 0), math.huge, math.mininteger }

return {
  task = function(_, index)
    return values[index + 1]
  end,
}
