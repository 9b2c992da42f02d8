# Programs that measure; scripts/bench runs them.
add_executable(bench_rpc_hop ${CMAKE_CURRENT_LIST_DIR}/rpc_hop.c)
target_link_libraries(bench_rpc_hop PRIVATE vekha_warnings vekha_bus)
