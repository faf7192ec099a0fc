-- What wrk sends and how it counts: the bodies of a file in turn, until enough answers have come.
-- It knows nothing of the operations; load.sh writes the bodies and reads the one line printed here.
--
-- Environment: LOAD_BODIES (a file, one JSON body a line; @key@ in it becomes unlike any other),
-- LOAD_REQUESTS (how many answers), LOAD_TOKEN (may be empty), LOAD_RUN (what the keys begin with).

local ffi = require("ffi")
ffi.cdef("int kill(int, int); int getpid(void);")
local SIGINT = 2

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(_)
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Accept"] = "application/json"
  local token = os.getenv("LOAD_TOKEN")
  if token and token ~= "" then
    wrk.headers["Authorization"] = "Bearer " .. token
  end
  wanted = tonumber(os.getenv("LOAD_REQUESTS"))
  run = os.getenv("LOAD_RUN")
  bodies, ready = {}, {}
  for line in io.lines(os.getenv("LOAD_BODIES")) do
    table.insert(bodies, line)
    -- Only a body without a key can be made ready before the clock runs.
    ready[#bodies] = not line:find("@key@", 1, true) and wrk.format(nil, nil, nil, line)
  end
  sent, answered, failed, first_failure = 0, 0, 0, ""
end

function request()
  sent = sent + 1
  local turn = (sent - 1) % #bodies + 1
  return ready[turn]
    or wrk.format(nil, nil, nil, (bodies[turn]:gsub("@key@", run .. "-" .. sent)))
end

function response(status, _, body)
  answered = answered + 1
  if status ~= 200 or body:find('"errors":', 1, true) or body:find('"userErrors":[{', 1, true) then
    failed = failed + 1
    if failed == 1 then
      first_failure = status .. " " .. body:sub(1, 300):gsub("%s+", " ")
    end
  end
  if answered == wanted then
    wrk.thread:stop()
    -- wrk itself would sleep on until its time is over; this is how it is told to add up now.
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
end

-- One thread only: load.sh asks for no more.
function done(summary, latency, _)
  local thread = threads[1]
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    "RESULT %d %.1f %.2f %.2f %d %s\n",
    thread:get("answered"),
    thread:get("answered") / (summary.duration / 1e6),
    latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3,
    thread:get("failed") + broken,
    thread:get("first_failure")
  ))
end
