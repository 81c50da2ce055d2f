# The appliance's lists and scripts, in a second; scripts/test-appliance does the rest.
add_test(NAME arch.appliance
  COMMAND /usr/bin/python3 -B ${CMAKE_SOURCE_DIR}/firmware/tests/appliance_sources_test.py)
set_tests_properties(arch.appliance PROPERTIES LABELS arch)
