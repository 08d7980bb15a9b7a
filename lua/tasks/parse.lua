-- Reads a document in the style of JSON, made once for each worker: strings, patterns and many
-- small tables, as in a script that handles messages. A task is worth the sum of the ids it reads.

local ROW = '{"id": 7, "name": "a \\"row\\"", "even": false, "tags": ["b", "cd", null]}'

local constants, readers = { ["true"] = true, ["false"] = false }, {}

-- The value at a position, and the position behind it.
local function value(text, at)
  local reader = readers[text:sub(at, at)]
  if reader then
    return reader(text, at + 1)
  end
  local word, after = text:match("^([%w.+-]+)()", at)
  return tonumber(word) or constants[word], after
end

readers['"'] = function(text, at)
  local last = text:find('[^\\]"', at - 1)
  return text:sub(at, last):gsub("\\", ""), last + 2
end

local function reader_of(closing, add)
  return function(text, at)
    local found = {}
    at = text:find("[^%s,]", at)
    while text:sub(at, at) ~= closing do
      at = text:find("[^%s,]", add(found, text, at))
    end
    return found, at + 1
  end
end

readers["["] = reader_of("]", function(found, text, at)
  found[#found + 1], at = value(text, at)
  return at
end)

readers["{"] = reader_of("}", function(found, text, at)
  local key, after = value(text, at)
  found[key], after = value(text, text:find("[^%s:]", after))
  return after
end)

return {
  summary = "parses a text like JSON: strings and small tables",
  params = { rows = { type = "integer", default = 100, min = 1, help = "rows of the document" } },
  metrics = { bytes = "sum" },
  setup = function(w)
    return "[" .. ROW:rep(w.params.rows, ",\n") .. "]"
  end,
  task = function(document, _, w)
    local sum = 0
    for _, row in ipairs((value(document, 1))) do
      sum = sum + row.id
    end
    w.bytes(#document)
    return sum
  end,
}
