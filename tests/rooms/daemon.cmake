suite(unit daemon_test
  SOURCES unit/daemon/access_watch_test.cpp unit/daemon/alarm_watch_test.cpp unit/daemon/build_id_test.cpp unit/daemon/card_clock_test.cpp unit/daemon/config_mistakes_test.cpp unit/daemon/config_test.cpp
          unit/daemon/control_channel_test.cpp
          unit/daemon/front_session_test.cpp unit/daemon/health_test.cpp unit/daemon/log_line_test.cpp
          unit/daemon/or_abort_test.cpp unit/daemon/report_actions_test.cpp
          unit/daemon/self_test_actions_test.cpp unit/daemon/service_actions_test.cpp
          unit/daemon/site_look_test.cpp unit/daemon/stoppable_work_test.cpp
          unit/daemon/verb_table_test.cpp
          unit/operators/operator_world.cpp support/memory_ports.cpp
  DEPS certrelay_daemon certrelay_kiosk_pki certrelay_ledger_test_support certrelay_test_render certrelay_test_support)
target_compile_definitions(daemon_test PRIVATE
  CERTRELAY_OPENAPI="${CMAKE_SOURCE_DIR}/protocol/wire/openapi.yaml")
foreach(suite_name bench drain fail_stop file_trace hostile_front key_rotation markers overload reload self_test slow_clients stop storm)
  add_test(NAME integration.${suite_name}
    COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/${suite_name}_test.py
            ${CMAKE_BINARY_DIR}/bin)
  set_tests_properties(integration.${suite_name} PROPERTIES LABELS integration TIMEOUT 1500
    RUN_SERIAL ON)
endforeach()
set_tests_properties(integration.file_trace PROPERTIES SKIP_RETURN_CODE 77)  # needs root
suite(unit self_test_test SOURCES unit/selftest/self_test_test.cpp
  DEPS certrelay_self_test certrelay_test_render certrelay_test_support)
