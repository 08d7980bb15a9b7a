-- Counts to n, as the workload `count` does in C. The loop adds 1 so that there is something to do.

return {
  summary = "counts to n in Lua",
  params = {
    n = { type = "integer", default = 1000000, min = 0, help = "how far a task counts" },
  },
  task = function(_, _, w)
    local count = 0
    for _ = 1, w.params.n do
      count = count + 1
    end
    return count
  end,
}
