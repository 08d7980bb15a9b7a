-- Gets a body by HTTP and adds up its bytes: waiting for somebody else, then computing. Threads
-- and an event loop wait for as many answers at a time; adding up, only threads and processes do
-- side by side. The server is one of the run's own, or any that `url` names.
return {
  summary = "gets a body by HTTP and adds up its bytes",
  params = { url = { type = "text", default = "", help = "what to get instead of the run's own" } },
  metrics = { bytes = "sum" },
  serve = { size = "16KiB", delay = "10ms" },
  task = function(_, _, w)
    local url = w.params.url ~= "" and w.params.url or nil
    local body, status = w.fetch(url)
    if status ~= 200 then
      error(("the server answered %d"):format(status))
    end
    w.bytes(#body)
    local sum = 0
    for at = 1, #body do
      sum = sum + body:byte(at)
    end
    return sum
  end,
}
