-- results.md: the summary as a Markdown table, for a README, an issue or a wiki. Columns that are
-- empty in every row are left out, and those that hooks before this one added are in it.

local always = { workload = true, executor = true, workers = true }

local wanted = {
  "workload", "executor", "workers", "tasks", "runtime_s", "rate_per_s", "runs", "elapsed_s",
  "elapsed_ci_low_s", "elapsed_ci_high_s", "throughput_per_s", "speedup", "task_p50_s",
  "task_p99_s", "wait_p99_s", "tasks_failed", "tasks_lost", "noise", "status", "expect",
}

local last_own = "governor"

-- Columns that only say that nothing happened.
local silent = {
  tasks_failed = function(value) return value == 0 end,
  tasks_lost = function(value) return value == 0 end,
  expect = function(value) return value == "" end,
}

local function is_empty(name, value)
  return value == nil or value == "" or (silent[name] ~= nil and silent[name](value))
end

local function candidates(results)
  local names, listed, own = {}, {}, {}
  for _, name in ipairs(wanted) do listed[name] = true end
  for _, name in ipairs(results.params) do own[name] = true end
  for i, name in ipairs(wanted) do
    names[#names + 1] = name
    if i == 1 then
      for _, sweep in ipairs(results.params) do names[#names + 1] = sweep end
    end
  end
  -- What stands behind the last of conrun's own columns are metrics and hooks' columns.
  local behind = false
  for _, name in ipairs(results.columns) do
    if behind and not listed[name] and not own[name] then names[#names + 1] = name end
    behind = behind or name == last_own
  end
  return names
end

local function used(results, names)
  local kept = {}
  for _, name in ipairs(names) do
    local any = always[name] or false
    for _, row in ipairs(results.rows) do any = any or not is_empty(name, row[name]) end
    if any then kept[#kept + 1] = name end
  end
  return kept
end

local function spell(value)
  if value == nil then return "" end
  if math.type(value) == "float" then value = string.format("%.4g", value) end
  return (tostring(value):gsub("[|\\`*<>]", "\\%0"):gsub("%s+", " "))
end

local function line(cells)
  return "| " .. table.concat(cells, " | ") .. " |\n"
end

local function finish(results)
  local names = used(results, candidates(results))
  local heads, rules = {}, {}
  for i, name in ipairs(names) do
    heads[i] = spell(name)
    rules[i] = type(results.rows[1][name]) == "number" and "--:" or "---"
  end
  local parts = { "# ", spell(results.scenario), "\n\n" }
  if results.description ~= "" then parts[#parts + 1] = spell(results.description) .. "\n\n" end
  parts[#parts + 1] = line(heads)
  parts[#parts + 1] = line(rules)
  for _, row in ipairs(results.rows) do
    local cells = {}
    for i, name in ipairs(names) do cells[i] = spell(row[name]) end
    parts[#parts + 1] = line(cells)
  end
  results.text("results.md", table.concat(parts))
end

return { finish = finish }
