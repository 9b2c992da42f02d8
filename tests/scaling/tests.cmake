# One service grows to four replicas, each is replaced, it shrinks again; both gateways are replaced: no failed request.
# scripts/scale alone takes every service and more clients.
add_test(NAME scale COMMAND ${CMAKE_SOURCE_DIR}/scripts/scale --build ${model_build} --only submissions,gateways
                            --clients 8 --seconds 0.5 --report ${CMAKE_BINARY_DIR}/scale.json)
set_tests_properties(scale PROPERTIES LABELS integration TIMEOUT 600 PROCESSORS 2 RESOURCE_LOCK stack)
