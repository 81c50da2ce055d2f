# What the documents name is there: files, pages, tests, sub-commands.
add_test(NAME arch.docs
  COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tools/check_docs.py ${CMAKE_SOURCE_DIR})
set_tests_properties(arch.docs PROPERTIES LABELS arch)
# The operators' guide, typed as it stands.
add_test(NAME integration.operators_guide
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/operators_guide_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.operators_guide PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
