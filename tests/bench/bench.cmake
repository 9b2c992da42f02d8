# Programs that measure; scripts/bench runs them.
add_executable(bench_rpc_hop ${CMAKE_CURRENT_LIST_DIR}/rpc_hop.c)
target_link_libraries(bench_rpc_hop PRIVATE vekha_warnings vekha_bus)
add_executable(bench_limit_http ${CMAKE_CURRENT_LIST_DIR}/limit_http.c)
target_link_libraries(bench_limit_http PRIVATE vekha_warnings PkgConfig::microhttpd)
foreach(name limit_file upload_clients paced_submits sse_clients)
  add_executable(bench_${name} ${CMAKE_CURRENT_LIST_DIR}/${name}.c ${CMAKE_CURRENT_LIST_DIR}/http_client.c)
  target_link_libraries(bench_${name} PRIVATE vekha_warnings Threads::Threads)
endforeach()
