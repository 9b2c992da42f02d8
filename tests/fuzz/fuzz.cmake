# Fuzz targets: fuzz_<name>.c with LLVMFuzzerTestOneInput(), seeds in seeds/<name>/. With VEKHA_FUZZ (clang) they are
# libFuzzer programs; otherwise each runs its seeds once as a test.
file(GLOB fuzz_targets CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/fuzz_*.c)
foreach(source ${fuzz_targets})
  get_filename_component(target ${source} NAME_WE)
  string(REPLACE "fuzz_" "" name ${target})
  add_executable(${target} ${source})
  target_link_libraries(${target} PRIVATE vekha_warnings vekha_gateway_parts)
  if(VEKHA_FUZZ)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_LIST_DIR}/replay_seeds.c)
    add_test(NAME ${target} COMMAND ${target} ${CMAKE_CURRENT_LIST_DIR}/seeds/${name})
    set_tests_properties(${target} PROPERTIES LABELS unit TIMEOUT 120)
  endif()
endforeach()
if(VEKHA_FUZZ)
  # Coverage of what is fuzzed, not only of the target itself.
  target_compile_options(vekha_gateway_parts PRIVATE -fsanitize=fuzzer-no-link)
  target_compile_options(vekha_bus PRIVATE -fsanitize=fuzzer-no-link)
endif()

# The filter of integration/test_json_mapping.py.
add_executable(json_round_trip ${CMAKE_CURRENT_SOURCE_DIR}/support/json_round_trip.c)
target_link_libraries(json_round_trip PRIVATE vekha_warnings vekha_gateway_parts)
