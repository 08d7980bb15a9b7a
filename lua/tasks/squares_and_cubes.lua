-- Two functions and the numbers they are for, as in many an introduction to threads: squares and
-- cubes of the numbers from 1 on, with a pause behind each. With 4 numbers there are 8 things to
-- do: as tasks 0 … 7, the first four of which square, or, in batches of 4, as tasks 0 and 1.

local functions = {
  function(number)
    return number * number
  end,
  function(number)
    return number * number * number
  end,
}

return {
  summary = "squares and cubes with pauses: two functions to overlap",
  params = {
    numbers = { type = "integer", default = 4, min = 1, help = "how many numbers there are" },
    batch = { type = "integer", default = 1, min = 1, help = "how many of them a task handles" },
    pause = { type = "duration", default = "200ms", help = "behind each number" },
  },
  task = function(_, index, w)
    local numbers, batch, sum = w.params.numbers, w.params.batch, 0
    for at = index * batch, index * batch + batch - 1 do
      local apply = functions[at // numbers % 2 + 1]
      sum = sum + apply(at % numbers + 1)
      w.sleep(w.params.pause)
    end
    return sum
  end,
}
