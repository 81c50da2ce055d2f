# What watches the relay: rules, dashboard, and Debian's Prometheus on the shipped programs.
add_test(NAME arch.monitoring
  COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/tools/check_monitoring.py ${CMAKE_SOURCE_DIR})
set_tests_properties(arch.monitoring PROPERTIES LABELS arch)
add_test(NAME arch.alert_rules
  COMMAND promtool check rules ${CMAKE_SOURCE_DIR}/firmware/monitoring/certrelay.rules.yml)
set_tests_properties(arch.alert_rules PROPERTIES LABELS arch)
foreach(alert_suite rules calendar newyear)
  add_test(NAME alerts.${alert_suite}
    COMMAND promtool test rules
            ${CMAKE_SOURCE_DIR}/firmware/monitoring/certrelay.${alert_suite}.test.yml)
  set_tests_properties(alerts.${alert_suite} PROPERTIES LABELS unit TIMEOUT 120)
endforeach()
add_test(NAME integration.prometheus
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/prometheus_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.prometheus PROPERTIES LABELS integration TIMEOUT 1500
  RUN_SERIAL ON)
