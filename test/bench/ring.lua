-- What wrk sends: the requests of the ring file (argument 1), round and round; the totals go out as one JSON line.
-- With `once` as argument 2 a line `through` is written when the first round has been sent.
local ring, size, turn, once = {}, 0, 0, false

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("%Z+") do
    size = size + 1
    ring[size] = request
  end
  file:close()
  once = args[2] == "once"
end

function request()
  if once and turn == size then
    once = false
    io.write("through\n")
    io.flush()
  end
  turn = turn % size + 1
  return ring[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%.0f,"seconds":%.6f,"refused":%.0f,"socketErrors":%.0f,"p99":%.3f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(99) / 1000
  ))
end
