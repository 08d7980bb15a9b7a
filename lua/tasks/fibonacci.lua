-- Fibonacci numbers by their definition, two calls for each: nothing but function calls. What a
-- script computes with, and so the first thing to run on more workers than one.

local function fibonacci(n)
  if n < 2 then
    return n
  end
  return fibonacci(n - 1) + fibonacci(n - 2)
end

return {
  summary = "Fibonacci numbers by recursion: function calls",
  params = {
    n = { type = "integer", default = 20, min = 0, max = 40, help = "which number is computed" },
  },
  task = function(_, _, w)
    return fibonacci(w.params.n)
  end,
}
