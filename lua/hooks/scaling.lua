-- How throughput grows with workers: the Universal Scalability Law (see usl.lua, which names its
-- source) fitted to every workload and executor that ran with three or more numbers of workers.
-- scaling.csv has a row for each: the law's coefficients, the number of workers beyond which more
-- only cost, and how well the law fits.

local usl = require "usl"

local header = {
  "workload", "executor", "tasks", "runtime_s", "rate_per_s", "arrival",
  -- the workloads' parameters that take several values, then
}

local figures = {
  "points",             -- numbers of workers that ran well
  "lambda_per_s",       -- throughput of one worker
  "sigma",              -- contention
  "kappa",              -- coherence
  "best_workers",       -- empty: throughput never falls, as note says
  "best_throughput_per_s",
  "r_squared",
  "note",               -- why there is no fit, or no best number
}

local function identity(results)
  local names = table.move(header, 1, #header, 1, {})
  return table.move(results.params, 1, #results.params, #names + 1, names)
end

-- All that a row says about itself but its workers.
local function key_of(row, names)
  local parts = {}
  for i, name in ipairs(names) do parts[i] = tostring(row[name]) end
  return table.concat(parts, "\0")
end

local function group(results, names)
  local groups, by_key = {}, {}
  for _, row in ipairs(results.rows) do
    local key = key_of(row, names)
    if not by_key[key] then
      by_key[key] = { first = row, points = {} }
      groups[#groups + 1] = by_key[key]
    end
    if row.status == "ok" and row.throughput_per_s and row.throughput_per_s > 0 then
      table.insert(by_key[key].points, { n = row.workers, x = row.throughput_per_s })
    end
  end
  return groups
end

local function finish(results)
  local names = identity(results)
  local columns = table.move(figures, 1, #figures, #names + 1, table.move(names, 1, #names, 1, {}))
  local out = results.csv("scaling.csv", columns)
  for _, cells in ipairs(group(results, names)) do
    local fit, why = usl.fit(cells.points)
    local line = { points = #cells.points, note = why }
    for _, name in ipairs(names) do line[name] = cells.first[name] end
    if fit then
      local best = usl.best_workers(fit)
      line.lambda_per_s, line.sigma, line.kappa = fit.lambda, fit.sigma, fit.kappa
      line.r_squared = fit.r2
      line.best_workers = best and math.floor(best)
      line.best_throughput_per_s = best and usl.throughput(fit, best)
      line.note = not best and "no best number: kappa is 0, and more workers cost nothing" or nil
    end
    out:row(line)
  end
end

return { finish = finish }
