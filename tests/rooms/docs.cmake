# What the documents name is there: files, pages, tests, sub-commands.
add_test(NAME arch.docs
  COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tools/check_docs.py ${CMAKE_SOURCE_DIR})
set_tests_properties(arch.docs PROPERTIES LABELS arch)
