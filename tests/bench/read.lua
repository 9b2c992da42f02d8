-- wrk: the same read by one person after another. argument 1: the path; argument 2: file with lines "token".
local requests, position = {}, 0

function init(arguments)
  for token in io.lines(arguments[2]) do
    requests[#requests + 1] = wrk.format("GET", arguments[1], {["Authorization"] = "Bearer " .. token})
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"errors":%d,"bytes":%d,"mean_us":%.1f,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.bytes,
    latency.mean, latency:percentile(50), latency:percentile(99)))
end
