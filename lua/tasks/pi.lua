-- The number pi by throwing darts: of the points of a square, pi / 4 lie in the circle. Random
-- numbers and floats. A task's points depend on the seed and its index alone, so that the checksum,
-- the points in the circle, is the same whoever throws them.

return {
  summary = "throws darts at a circle: random numbers and floats",
  params = {
    points = { type = "integer", default = 1000, min = 1, help = "points that a task throws" },
  },
  metrics = { hits = "sum" },
  task = function(_, _, w)
    local rng, hits = w.rng, 0
    for _ = 1, w.params.points do
      local x, y = rng(), rng()
      if x * x + y * y < 1 then
        hits = hits + 1
      end
    end
    w.hits(hits)
    return hits
  end,
}
