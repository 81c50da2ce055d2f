suite(unit service_manager_test SOURCES unit/sandbox/service_manager_test.cpp
  DEPS certrelay_service certrelay_test_support)
# A sanitizer makes calls of its own that are on no list, and its build restricts nothing.
if(NOT CERTRELAY_SANITIZE)
  suite(unit sandbox_test
    SOURCES unit/sandbox/confined_test.cpp unit/sandbox/sandbox_section_test.cpp
    DEPS certrelay_sandbox certrelay_test_support)
  foreach(suite_name sandbox service hardening)
    add_test(NAME integration.${suite_name}
      COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/${suite_name}_test.py
              ${CMAKE_BINARY_DIR}/bin)
    set_tests_properties(integration.${suite_name} PROPERTIES LABELS integration TIMEOUT 1500
      RUN_SERIAL ON)
  endforeach()
  set_tests_properties(integration.sandbox PROPERTIES SKIP_RETURN_CODE 77)  # needs root
endif()
