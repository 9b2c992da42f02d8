-- wrk: one act on one assignment after the other, so that no two requests in flight touch the same one.
-- argument 1: save, submit or accept; argument 2: file with lines "token assignment version".
-- Saving goes round and round with the versions reached; the others are refused when the file has come to its end.
local act, assignments, position, is_sample = nil, {}, 0, true
local VERBS = {save = "PUT", submit = "POST", accept = "POST"}
local PATHS = {
  save = "/api/v1/assignments/%s/value", submit = "/api/v1/assignments/%s:submit", accept = "/api/v1/queue/%s:accept",
}

function init(arguments)
  act = arguments[1]
  for line in io.lines(arguments[2]) do
    local token, id, version = line:match("(%S+) (%S+) (%d+)")
    assignments[#assignments + 1] = {
      path = string.format(PATHS[act], id), version = tonumber(version), authorization = "Bearer " .. token,
    }
  end
end

function request()
  -- wrk asks once for a sample that it never sends.
  if is_sample then
    is_sample = false
    return wrk.format("GET", "/")
  end
  position = position % #assignments + 1
  local assignment = assignments[position]
  local body = "{}"
  if act == "save" then
    body = string.format('{"value":"%d"}', 1 + (assignment.version * 7919 + position) % 90000)
  end
  local message = wrk.format(VERBS[act], assignment.path, {
    ["Authorization"] = assignment.authorization,
    ["If-Match"] = '"' .. assignment.version .. '"',
    ["Content-Type"] = "application/json",
  }, body)
  assignment.version = assignment.version + 1
  return message
end

-- Refusals are in errors.status; a response() of our own would cost the generator a tenth of a core.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"errors":%d,"bytes":%d,"mean_us":%.1f,"p50_us":%d,"p99_us":%d,"max_us":%d}\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.bytes,
    latency.mean, latency:percentile(50), latency:percentile(99), latency.max))
end
