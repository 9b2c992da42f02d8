# The oracle of scripts/fault: each kind of fault, made up, is found.
add_test(NAME fault_oracle COMMAND /usr/bin/python3 -B -m pytest -q -p no:cacheprovider
                                   ${CMAKE_CURRENT_LIST_DIR}/test_oracle.py)
set_tests_properties(fault_oracle PROPERTIES LABELS fault TIMEOUT 120)

# What slows PostgreSQL's flushes down in the cells flush:*.
add_library(vekha_slow_flush MODULE ${CMAKE_CURRENT_LIST_DIR}/slow_flush.c)
target_link_libraries(vekha_slow_flush PRIVATE vekha_warnings ${CMAKE_DL_LIBS})
set_target_properties(vekha_slow_flush PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
