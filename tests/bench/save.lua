-- wrk: saves indicator values, each assignment in turn, so that no two requests in flight touch the same one.
-- argument 1: file with lines "token assignment version"; argument 2: where to write the versions reached.
local assignments, position, is_sample = {}, 0, true

function init(arguments)
  for line in io.lines(arguments[1]) do
    local token, id, version = line:match("(%S+) (%S+) (%d+)")
    assignments[#assignments + 1] = {token = token, id = id, version = tonumber(version)}
  end
end

function request()
  position = position % #assignments + 1
  local assignment = assignments[position]
  -- wrk asks once for a sample that it never sends.
  if is_sample then
    is_sample, position = false, 0
    return wrk.format("GET", "/")
  end
  local body = string.format('{"value":"%d"}', 1 + (assignment.version * 7919 + position) % 90000)
  local message = wrk.format("PUT", "/api/v1/assignments/" .. assignment.id .. "/value", {
    ["Authorization"] = "Bearer " .. assignment.token,
    ["If-Match"] = '"' .. assignment.version .. '"',
    ["Content-Type"] = "application/json",
  }, body)
  assignment.version = assignment.version + 1
  return message
end

local refused, shown = 0, 0
function response(status, headers, body)
  if status ~= 200 then
    refused = refused + 1
    if shown < 3 then
      shown = shown + 1
      io.stderr:write(status, " ", body, "\n")
    end
  end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"errors":%d,"mean_us":%.1f,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout,
    latency.mean, latency:percentile(50), latency:percentile(99)))
end
