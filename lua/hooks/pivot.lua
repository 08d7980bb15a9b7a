-- pivot.csv: a row for each number of workers, a column for each executor. Select a block of one
-- measure and a spreadsheet draws it as it is: workers along the axis, a line for each executor.

local measures = { "throughput_per_s", "elapsed_s" }

local function append_once(list, seen, value)
  if seen[value] then return end
  seen[value] = true
  list[#list + 1] = value
end

-- The columns besides workers and executor that tell rows apart. An executor's own options are in
-- its label already.
local function identity(results)
  local names = { "workload", "tasks", "runtime_s", "rate_per_s", "arrival" }
  return table.move(results.params, 1, #results.params, #names + 1, names)
end

local function values_of(row, names)
  local values, parts = {}, {}
  for i, name in ipairs(names) do
    values[name] = row[name]
    parts[i] = tostring(row[name])
  end
  return values, table.concat(parts, "\0")
end

-- Blocks in the order of the plan; in each the cells by workers and executor.
local function collect(results, names)
  local blocks, by_key, executors, seen = {}, {}, {}, {}
  for _, row in ipairs(results.rows) do
    local values, key = values_of(row, names)
    local block = by_key[key]
    if not block then
      block = { values = values, workers = {}, seen = {}, cells = {} }
      by_key[key], blocks[#blocks + 1] = block, block
    end
    append_once(executors, seen, row.executor)
    append_once(block.workers, block.seen, row.workers)
    block.cells[row.workers] = block.cells[row.workers] or {}
    block.cells[row.workers][row.executor] = row
  end
  for _, block in ipairs(blocks) do table.sort(block.workers) end
  return blocks, executors
end

local function line_of(block, measure, workers, executors, names)
  local line = { measure, workers }
  for i, name in ipairs(names) do line[2 + i] = block.values[name] end
  for i, executor in ipairs(executors) do
    local row = block.cells[workers][executor]
    if row and row.status == "ok" then line[2 + #names + i] = row[measure] end
  end
  return line
end

local function finish(results)
  local names = identity(results)
  local blocks, executors = collect(results, names)
  local columns = table.move(names, 1, #names, 3, { "measure", "workers" })
  table.move(executors, 1, #executors, #columns + 1, columns)
  local out = results.csv("pivot.csv", columns)
  for _, measure in ipairs(measures) do
    for _, block in ipairs(blocks) do
      for _, workers in ipairs(block.workers) do
        out:row(line_of(block, measure, workers, executors, names))
      end
    end
  end
end

return { finish = finish }
