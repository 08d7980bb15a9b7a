-- The Universal Scalability Law, fitted by least squares:
--
--   X(N) = lambda * N / (1 + sigma * (N - 1) + kappa * N * (N - 1))
--
-- X: throughput; N: workers; lambda: throughput of one worker; sigma: contention, the share of the
-- work that has to queue; kappa: coherence, what it costs each worker to agree with every other.
-- Where kappa > 0 the throughput is greatest at N = sqrt((1 - sigma) / kappa).
--
-- N. J. Gunther, "Guerrilla Capacity Planning", Springer 2007, chapter 5,
-- https://doi.org/10.1007/978-3-540-31010-5. The fit is that of the R package usl
-- (https://cran.r-project.org/package=usl): nonlinear, with sigma and kappa not below 0.

local usl = {}

-- With q = N / X the law is linear: q = a + b * (N - 1) + c * N * (N - 1), where lambda = 1 / a,
-- sigma = b / a and kappa = c / a.
local function terms(n)
  return { 1, n - 1, n * (n - 1) }
end

-- Gaussian elimination with pivoting; nil where there is no single solution.
local function solve(matrix, right)
  local size = #right
  for column = 1, size do
    local pivot = column
    for row = column + 1, size do
      if math.abs(matrix[row][column]) > math.abs(matrix[pivot][column]) then pivot = row end
    end
    matrix[column], matrix[pivot] = matrix[pivot], matrix[column]
    right[column], right[pivot] = right[pivot], right[column]
    if matrix[column][column] == 0 then return nil end
    for row = column + 1, size do
      local factor = matrix[row][column] / matrix[column][column]
      for k = column, size do matrix[row][k] = matrix[row][k] - factor * matrix[column][k] end
      right[row] = right[row] - factor * right[column]
    end
  end
  for row = size, 1, -1 do
    for k = row + 1, size do right[row] = right[row] - matrix[row][k] * right[k] end
    right[row] = right[row] / matrix[row][row]
  end
  return right
end

-- The normal equations of a linear fit: `rows` of as many terms as there are unknowns.
local function normal(rows, values)
  local size, matrix, right = #rows[1], {}, {}
  for i = 1, size do
    matrix[i], right[i] = {}, 0
    for k = 1, size do
      matrix[i][k] = 0
      for r = 1, #rows do matrix[i][k] = matrix[i][k] + rows[r][i] * rows[r][k] end
    end
    for r = 1, #rows do right[i] = right[i] + rows[r][i] * values[r] end
  end
  return matrix, right
end

-- The denominator a + b (N - 1) + c N (N - 1); `free` says which of the three the unknowns are.
local function denominator(unknowns, free, n)
  local sum, all = 0, terms(n)
  for i, term in ipairs(free) do sum = sum + unknowns[i] * all[term] end
  return sum
end

local function residuals(points, free, unknowns)
  local list, sum = {}, 0
  for i, point in ipairs(points) do
    local q = denominator(unknowns, free, point.n)
    if q <= 0 then return nil, math.huge end
    list[i] = point.x - point.n / q
    sum = sum + list[i] ^ 2
  end
  return list, sum
end

-- A first guess: q is fitted instead of X, each point weighed by X^2 / N, which makes an error in
-- q as heavy as the error in X that it stands for.
local function guess(points, free)
  local rows, values = {}, {}
  for i, point in ipairs(points) do
    local all, weight = terms(point.n), point.x ^ 2 / point.n
    rows[i] = {}
    for k, term in ipairs(free) do rows[i][k] = all[term] * weight end
    values[i] = point.n / point.x * weight
  end
  return solve(normal(rows, values))
end

-- The derivatives of X by each unknown.
local function slopes(points, free, unknowns)
  local rows = {}
  for i, point in ipairs(points) do
    local q, all = denominator(unknowns, free, point.n), terms(point.n)
    rows[i] = {}
    for k, term in ipairs(free) do rows[i][k] = -point.n * all[term] / q ^ 2 end
  end
  return rows
end

-- One step of Levenberg and Marquardt (https://doi.org/10.1137/0111030).
local function step(points, free, unknowns, errors, damping)
  local matrix, right = normal(slopes(points, free, unknowns), errors)
  for i = 1, #right do matrix[i][i] = matrix[i][i] * (1 + damping) end
  local change = solve(matrix, right)
  if not change then return nil end
  for i = 1, #change do change[i] = unknowns[i] + change[i] end
  return change
end

local function refine(points, free, unknowns)
  local damping = 1e-3
  local errors, sum = residuals(points, free, unknowns)
  for _ = 1, 200 do
    if not errors then return nil, math.huge end
    local moved = step(points, free, unknowns, errors, damping)
    if not moved then break end
    local new_errors, new_sum = residuals(points, free, moved)
    if new_sum < sum then
      local settled = sum - new_sum <= 1e-15 * sum
      unknowns, errors, sum, damping = moved, new_errors, new_sum, damping / 10
      if settled then break end
    else
      damping = damping * 10
      if damping > 1e12 then break end
    end
  end
  return unknowns, sum
end

local function is_allowed(unknowns)
  if not unknowns or unknowns[1] <= 0 then return false end
  for i = 2, #unknowns do
    if unknowns[i] < 0 then return false end
  end
  return true
end

-- sigma and kappa are each free or 0: the best of these fits is the best with both not below 0.
local candidates = { { 1 }, { 1, 2 }, { 1, 3 }, { 1, 2, 3 } }

local function distinct(points)
  local seen, count = {}, 0
  for _, point in ipairs(points) do
    if not seen[point.n] then seen[point.n], count = true, count + 1 end
  end
  return count
end

local function r_squared(points, sum)
  local mean, total = 0, 0
  for _, point in ipairs(points) do mean = mean + point.x / #points end
  for _, point in ipairs(points) do total = total + (point.x - mean) ^ 2 end
  if total > 0 then return 1 - sum / total end
  return nil
end

-- The throughput that the law gives for n workers.
function usl.throughput(fit, n)
  return fit.lambda * n / (1 + fit.sigma * (n - 1) + fit.kappa * n * (n - 1))
end

-- Where the throughput is greatest; nil where it never falls.
function usl.best_workers(fit)
  if fit.sigma >= 1 then return 1 end
  if fit.kappa > 0 then return math.max(1, math.sqrt((1 - fit.sigma) / fit.kappa)) end
  return nil
end

-- `points`: { { n = workers, x = throughput }, … }. Returns { lambda, sigma, kappa, r2, sse }, or
-- nil and why there is none: three different numbers of workers are the least.
function usl.fit(points)
  if distinct(points) < 3 then return nil, "fewer than three numbers of workers" end
  local best, best_sum, best_free = nil, math.huge, nil
  for _, free in ipairs(candidates) do
    local start = guess(points, free)
    if start then
      if not is_allowed(start) then
        for i = 1, #start do start[i] = math.max(math.abs(start[i]), 1e-300) end
      end
      local unknowns, sum = refine(points, free, start)
      if is_allowed(unknowns) and sum < best_sum then
        best, best_sum, best_free = unknowns, sum, free
      end
    end
  end
  if not best then return nil, "no fit" end
  local coefficients = { 0, 0, 0 }
  for i, term in ipairs(best_free) do coefficients[term] = best[i] end
  return {
    lambda = 1 / coefficients[1],
    sigma = coefficients[2] / coefficients[1],
    kappa = coefficients[3] / coefficients[1],
    r2 = r_squared(points, best_sum),
    sse = best_sum,
  }
end

return usl
