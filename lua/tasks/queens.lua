-- In how many ways do n queens stand on an n × n board so that none attacks another? A search with
-- backtracking: function calls, integers and short tables. 4 queens: 2 ways; 6: 4; 8: 92.

-- The columns and diagonals that are taken, as bits; the diagonals move on from row to row.
local function ways(all, columns, left, right)
  if columns == all then
    return 1
  end
  local count = 0
  local free = all & ~(columns | left | right)
  while free ~= 0 do
    local place = free & -free
    free = free ~ place
    count = count + ways(all, columns | place, (left | place) << 1, (right | place) >> 1)
  end
  return count
end

return {
  summary = "places n queens: a search with backtracking",
  params = {
    n = { type = "integer", default = 6, min = 1, max = 14, help = "queens, and the board's rows" },
  },
  metrics = { solutions = "sum" },
  task = function(_, _, w)
    local count = ways((1 << w.params.n) - 1, 0, 0, 0)
    w.solutions(count)
    return count
  end,
}
