-- Computes for a while, half of it in a coroutine of its own.

local function count(to)
  local sum = 0
  for i = 1, to do
    sum = sum + i % 7
  end
  return sum
end

return {
  params = { rounds = { type = "integer", default = 1000000, min = 0 } },
  task = function(_, index, w)
    return index + count(w.params.rounds) + coroutine.wrap(count)(w.params.rounds)
  end,
}
