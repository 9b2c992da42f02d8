# Random moves of many people, compared with a model of the rules; a new seed each time, printed with any difference. It
# takes both processors: nothing else runs beside it.
set(model_build ${CMAKE_SOURCE_DIR}/build/release)
if(NOT EXISTS ${model_build}/bin/vekha-gateway)
  set(model_build ${CMAKE_BINARY_DIR})
endif()
add_test(NAME model COMMAND ${CMAKE_SOURCE_DIR}/scripts/model --build ${model_build})
set_tests_properties(model PROPERTIES LABELS model TIMEOUT 600 PROCESSORS 2 RESOURCE_LOCK stack)
