-- Counts the words and lines of a file, which each task reads anew: waiting for a disk, then a
-- little work. Without a file it is a text that setup makes, and nothing waits.

local function make(lines)
  local text = {}
  for i = 1, lines do
    text[i] = ("line %d has a few words of its own"):format(i)
  end
  return table.concat(text, "\n") .. "\n"
end

return {
  summary = "counts words and lines of a file: reading, then patterns",
  params = {
    file = { type = "text", default = "", help = "the file; a made text if there is none" },
    rows = { type = "integer", default = 100, min = 1, help = "lines of the made text" },
  },
  metrics = { words = "sum", lines = "sum" },
  setup = function(w)
    return w.params.file == "" and make(w.params.rows) or nil
  end,
  task = function(made, _, w)
    local text = made or w.read(w.params.file)
    local _, words = text:gsub("%S+", "")
    local _, lines = text:gsub("\n", "")
    w.words(words)
    w.lines(lines)
    return words
  end,
}
