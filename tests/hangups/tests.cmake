# A few hundred clients that hang up at every stage, straight and behind a real HAProxy: nothing may be left of them.
# scripts/hang-ups alone takes thousands.
add_test(NAME hang_ups COMMAND ${CMAKE_SOURCE_DIR}/scripts/hang-ups --build ${model_build} --clients 240 --rounds 2
                               --people 8 --slow 10 --slow-seconds 3 --report ${CMAKE_BINARY_DIR}/hang-ups.json)
set_tests_properties(hang_ups PROPERTIES LABELS integration TIMEOUT 600 PROCESSORS 2 RESOURCE_LOCK stack)
