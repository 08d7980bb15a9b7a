---@meta conrun

-- What scripts return and what they are handed, for the Lua language server: with this folder in
-- its `workspace.library`, an editor completes and checks a script whose table is marked
-- `---@type conrun.Script` or `---@type conrun.Hook`. conrun itself never reads it.

---@alias conrun.Value boolean|number|string
---@alias conrun.Figure boolean|number|string|nil

-- ---- task scripts ----

--- A parameter: checked, swept and listed like those of a workload in C.
---@class conrun.Param
---@field type "integer"|"number"|"boolean"|"duration"|"size"|"rate"|"percent"|"enum"|"text"
---@field default? conrun.Value as a scenario would have it, "10ms"; without one it must be given
---@field min? number|string inclusive
---@field max? number|string inclusive
---@field choices? string[] of an enum
---@field help? string one line, for `conrun list`

--- The run's own server, on 127.0.0.1: it echoes, and answers HTTP.
---@class conrun.Serve
---@field size? string of each HTTP body, "16KiB" without
---@field delay? string before each HTTP answer, "5ms"; none without

--- What a script of tasks returns.
---@class conrun.Script
---@field summary? string one line, for `conrun list`
---@field params? table<string, conrun.Param>
---@field metrics? table<string, "sum"|"max"> columns of the results: how amounts become one figure
---@field serve? conrun.Serve each run has a server of its own: for w.echo and w.fetch
---@field setup? fun(w: conrun.Worker): any once for each worker, before the clock starts
---@field task fun(state: any, index: integer, w: conrun.Worker): number|boolean|nil a task's value
---@field teardown? fun(state: any, w: conrun.Worker) once for each worker, after the clock

--- Who runs a task. It also has a function for each metric: `w.bytes(amount)`.
---@class conrun.Worker
---@field index integer 0 … workers - 1; always 0 under sequential and async
---@field workers integer
---@field executor string "thread_pool", …
---@field tasks integer|nil of the run; nil where a runtime decides how many there are
---@field params table<string, conrun.Value> in seconds, in bytes, as shares
---@field [string] fun(amount?: number) counts for a metric; without an amount, one
local w = {}

--- Waits. Blocks the thread or process, gives the gil up meanwhile, yields under async.
---@param duration string|number "10ms", or seconds
function w.sleep(duration) end

--- A whole file: of the run's folder, else beside the script, else of the current folder.
---@param path string
---@return string
function w.read(path) end

--- Writes a file of the run's own folder, which is removed with the run.
---@param path string
---@param text string
function w.write(path, text) end

--- Sends a text to the run's server, which the script asks for with `serve`, and returns what comes
--- back. The connection is kept. Blocks, gives the gil up or yields as w.sleep does.
---@param text string
---@return string
function w.echo(text) end

--- Gets a body by HTTP/1.1, from the run's server or from what a URL of http:// or https:// names.
--- Blocks, gives the gil up or yields as w.sleep does. The connection is kept; redirects are not
--- followed, no proxy is used, and no answer within 30 s is an error. Needs libcurl.
---@param url? string without one the script must have `serve`
---@return string body
---@return integer status 200, 404, …
function w.fetch(url) end

---@alias conrun.Digest
---| "md5"|"sha1"|"sha224"|"sha256"|"sha384"|"sha512"|"sha3_256"|"sha3_512"|"blake2s"|"blake2b"

--- The digest of a text, by libcrypto. The first call opens the library: make it in `setup`.
---@param algorithm conrun.Digest
---@param text string
---@return string hexadecimal digits
function w.hash(algorithm, text) end

--- A random number, in the manner of math.random: the same for a seed and an index, whoever asks.
---@overload fun(): number of [0, 1)
---@overload fun(most: integer): integer of 1 … most
---@param least integer
---@param most integer
---@return integer
function w.rng(least, most) end

--- A line to stderr; the first ten of each worker are shown.
---@param text any
function w.log(text) end

--- Seconds of a clock that only goes forward.
---@return number
function w.now() end

--- In loops that wait for something: gives the gil up if another thread asks for it, and ends the
--- task if the run is being ended.
function w.checkpoint() end

-- ---- hooks ----

--- What a hook file returns: `row` or `finish`, or both.
---@class conrun.Hook
---@field columns? (string|conrun.Column)[]|table<string, string> that `row` fills; or name = help
---@field row? fun(r: conrun.Row): table<string, conrun.Figure>? called with every experiment
---@field finish? fun(results: conrun.Results) called once, behind all of them

---@class conrun.Column
---@field name string
---@field help? string

--- A row of summary.csv, read-only: all of its columns (nil: unknown), and pairs(r).
---@class conrun.Row
---@field workload string
---@field type string
---@field executor string
---@field workers integer
---@field tasks integer|nil
---@field status string
---@field error string
---@field runs integer
---@field elapsed_s number|nil
---@field throughput_per_s number|nil
---@field speedup number|nil
---@field efficiency number|nil
---@field checksum integer|nil
---@field noise string
---@field [string] conrun.Figure
local row = {}

--- A quantile of the tasks' times, in seconds.
---@param fraction number 0 … 1: 0.999
---@return number|nil
function row:latency(fraction) end

--- A quantile of the tasks' waits, in seconds.
---@param fraction number
---@return number|nil
function row:wait(fraction) end

--- The elapsed seconds of each run.
---@return number[]
function row:times() end

--- How many tasks each worker ended, over all runs: how evenly the work was spread.
---@return integer[]
function row:tasks_by_worker() end

---@class conrun.Results
---@field rows conrun.Row[]
---@field columns string[] all columns of summary.csv, in order
---@field params string[] those among them that hold swept parameters of workloads
---@field path string the session's folder
---@field scenario string its name
---@field description string
---@field ncpu integer CPUs that conrun may use
local results = {}

--- A new CSV file in the session's folder, with conrun's own quoting; it appears once the hook has
--- ended well.
---@param name string without a folder
---@param columns string[] the header
---@return conrun.Csv
function results.csv(name, columns) end

--- A new text file there.
---@param name string
---@param text string
function results.text(name, text) end

--- Reads a CSV file of the session or beside the scenario: its rows by column, and the columns.
---@param name string
---@return table<string, conrun.Figure>[] rows
---@return string[] columns
function results.read_csv(name) end

---@class conrun.Csv
local csv = {}

--- Adds a row: fields in order, or by the names of their columns.
---@param fields conrun.Figure[]|table<string, conrun.Figure>
function csv:row(fields) end
