suite(unit daemon_test
  SOURCES unit/daemon/card_clock_test.cpp unit/daemon/config_test.cpp
          unit/daemon/control_channel_test.cpp
          unit/daemon/front_session_test.cpp unit/daemon/or_abort_test.cpp
          unit/daemon/service_actions_test.cpp unit/daemon/verb_table_test.cpp
          unit/operators/operator_world.cpp
  DEPS certrelay_daemon certrelay_test_support)
target_compile_definitions(daemon_test PRIVATE
  CERTRELAY_OPENAPI="${CMAKE_SOURCE_DIR}/protocol/wire/openapi.yaml")
foreach(suite_name hostile_front key_rotation slow_clients storm)
  add_test(NAME integration.${suite_name}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/${suite_name}_test.py
            ${CMAKE_BINARY_DIR}/bin)
  set_tests_properties(integration.${suite_name} PROPERTIES LABELS integration TIMEOUT 600
    RUN_SERIAL ON)
endforeach()
