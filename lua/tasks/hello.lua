-- The shortest task script: `workloads: { hello: { type: lua, script: tasks/hello.lua } }`.
return {
  task = function(_, i)
    return i * i
  end,
}
