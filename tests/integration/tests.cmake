# Integration tests: each file is one ctest test over the running system that scripts/test keeps (VEKHA_TEST_STACK);
# without it each starts a system of its own. They share the clock and the ports, so they run one after the other.
set(VEKHA_PYTHON /usr/bin/python3 CACHE FILEPATH "Python with Debian's python3-pytest, -psycopg2, -aiosmtpd")
file(GLOB integration_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/integration/test_*.py)
foreach(test ${integration_tests})
  get_filename_component(name ${test} NAME_WE)
  string(REGEX REPLACE "^test_" "integration_" name ${name})
  add_test(NAME ${name} COMMAND ${VEKHA_PYTHON} -B -m pytest -q -p no:cacheprovider ${test})
  set_tests_properties(${name} PROPERTIES LABELS integration TIMEOUT 600 RESOURCE_LOCK stack
                       ENVIRONMENT "VEKHA_TEST_BUILD=${CMAKE_BINARY_DIR}")
endforeach()

# Races between threads, in a build of its own.
if(NOT VEKHA_SANITIZE STREQUAL "thread")
  add_test(NAME threads COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-threads)
  set_tests_properties(threads PROPERTIES LABELS threads TIMEOUT 900 PROCESSORS 2 RESOURCE_LOCK stack)
endif()

# What holds for the source itself.
foreach(check lengths calls)
  add_test(NAME source_${check} COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-${check})
endforeach()
add_test(NAME source_format COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-format)
add_test(NAME source_tidy COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-tidy ${CMAKE_BINARY_DIR})
add_test(NAME source_units COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-units)
add_test(NAME coverage_of_facts COMMAND ${CMAKE_SOURCE_DIR}/scripts/coverage-of-facts)
add_test(NAME coverage_of_traps COMMAND ${CMAKE_SOURCE_DIR}/scripts/coverage-of-traps)
add_test(NAME openapi COMMAND ${CMAKE_SOURCE_DIR}/scripts/check-openapi ${CMAKE_BINARY_DIR})
set_tests_properties(source_lengths source_calls source_format source_tidy source_units coverage_of_facts
                     coverage_of_traps openapi PROPERTIES LABELS source TIMEOUT 1200)
set_tests_properties(source_tidy PROPERTIES PROCESSORS 2)
