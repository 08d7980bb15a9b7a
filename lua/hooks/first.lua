-- times_first: how a row compares with the scenario's first row, whatever its workload, parameters
-- or executor; `speedup` compares what differs in its executor or its workers alone. Put first what
-- all else is to be measured by.

local first

return {
  columns = { { name = "times_first", help = "throughput as a multiple of the first row's" } },
  row = function(r)
    first = first or { throughput = r.throughput_per_s }
    if not first.throughput or not r.throughput_per_s then return nil end
    return { times_first = r.throughput_per_s / first.throughput }
  end,
}
