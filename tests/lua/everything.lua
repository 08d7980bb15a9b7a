-- Uses all that a task script has; its value depends on parameters, seed and index alone.

local helper = require("helper")

return {
  summary = "everything at once",
  params = {
    count = { type = "integer", default = 3, min = 1, max = 100, help = "how many" },
    share = { type = "percent", default = "25%" },
    half = { type = "number", default = 0.5 },
    fast = { type = "boolean", default = true },
    pause = { type = "duration", default = "1ms", max = "1s" },
    room = { type = "size", default = "4KiB" },
    speed = { type = "rate", default = "2/s" },
    kind = { type = "enum", choices = { "small", "large" }, default = "large" },
    label = { type = "text", default = "" },
  },
  metrics = { bytes = "sum", widest = "max" },
  setup = function(w)
    local p = w.params
    assert(p.share == 0.25 and p.half == 0.5 and p.fast == true and p.pause == 0.001)
    assert(p.room == 4096 and p.speed == 2.0 and p.kind == "large" and p.label == "")
    assert(math.type(p.count) == "integer" and w.workers >= 1 and w.index < w.workers)
    return { first = w.rng(1000), sum = 0 }
  end,
  task = function(state, index, w)
    state.sum = state.sum + 1
    local name = ("file%d"):format(index)
    local text = ("x"):rep(index % 7 + w.params.count)
    w.write(name, text)
    w.sleep(w.params.pause)
    w.sleep("100us")
    local back = w.read(name)
    assert(back == text, "the file came back otherwise")
    w.bytes(#back)
    w.widest(#back)
    w.checkpoint()
    assert(w.now() > 0)
    local inner = coroutine.wrap(function()
      w.sleep(0)
      coroutine.yield(#w.read("helper.lua") > 0 and 1 or 0)
    end)
    return helper.double(index) + w.rng(1 << 20) + math.random(5) + state.first + inner() + #back
  end,
  teardown = function(state)
    assert(state.sum >= 0)
  end,
}
