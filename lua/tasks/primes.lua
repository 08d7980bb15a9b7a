-- Looks for primes as the workload `primes` does in C: task i tests the number from + i by trial
-- division, those past `to` begin again, and a task is worth its number if that is prime.

local function is_prime(number)
  if number < 4 then
    return number >= 2
  end
  if number % 2 == 0 then
    return false
  end
  local divisor = 3
  while divisor * divisor <= number do
    if number % divisor == 0 then
      return false
    end
    divisor = divisor + 2
  end
  return true
end

return {
  summary = "looks for primes in Lua",
  params = {
    from = { type = "integer", default = 100000, min = 0, help = "the first number tested" },
    to = { type = "integer", default = 100099, min = 0, help = "the last number tested" },
  },
  metrics = { primes = "sum" },
  task = function(_, index, w)
    local from, to = w.params.from, w.params.to
    local number = from + index % (to - from + 1)
    if not is_prime(number) then
      return 0
    end
    w.primes(1)
    return number
  end,
}
