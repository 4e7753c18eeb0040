-- What wrk sends: the requests of the ring file (argument 1), round and round; the totals go out as one JSON line.
local ring, size, turn = {}, 0, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for request in file:read("*a"):gmatch("%Z+") do
    size = size + 1
    ring[size] = request
  end
  file:close()
end

function request()
  turn = turn % size + 1
  return ring[turn]
end

function done(summary)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%.0f,"seconds":%.6f,"refused":%.0f,"socketErrors":%.0f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
