# The oracle of scripts/fault: each kind of fault, made up, is found.
add_test(NAME fault_oracle COMMAND /usr/bin/python3 -B -m pytest -q -p no:cacheprovider
                                   ${CMAKE_CURRENT_LIST_DIR}/test_oracle.py)
set_tests_properties(fault_oracle PROPERTIES LABELS fault TIMEOUT 120)
