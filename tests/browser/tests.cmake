# Browser tests: each file is one ctest test in Debian's Chromium, against the system that scripts/test keeps running.
file(GLOB browser_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/browser/test_*.js)
foreach(test ${browser_tests})
  get_filename_component(name ${test} NAME_WE)
  string(REGEX REPLACE "^test_" "browser_" name ${name})
  add_test(NAME ${name} COMMAND ${CMAKE_SOURCE_DIR}/scripts/browser-test ${test})
  set_tests_properties(${name} PROPERTIES LABELS browser TIMEOUT 600 RESOURCE_LOCK browser_stack)
endforeach()

# What scripts/build-web wrote, counted.
add_test(NAME browser_first_load COMMAND node ${CMAKE_CURRENT_SOURCE_DIR}/browser/check_first_load.js ${CMAKE_SOURCE_DIR}/build/web)
set_tests_properties(browser_first_load PROPERTIES LABELS browser TIMEOUT 60)
