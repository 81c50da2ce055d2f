suite(unit init_test
  SOURCES unit/init/init_test.cpp unit/init/init_refuses_test.cpp unit/init/init_world.cpp
  DEPS certrelay_ctl_init certrelay_daemon_config certrelay_kiosk_pki certrelay_test_support)
target_compile_definitions(init_test PRIVATE
  CERTRELAY_KEYS_MD="${CMAKE_SOURCE_DIR}/docs/keys.md"
  CERTRELAY_CONFIGURATION_MD="${CMAKE_SOURCE_DIR}/docs/configuration.md")
suite(unit doctor_test
  SOURCES unit/doctor/doctor_test.cpp unit/doctor/plain_http_test.cpp
          unit/doctor/support_bundle_test.cpp unit/init/init_world.cpp
  DEPS certrelay_ctl_support certrelay_ctl_doctor certrelay_ctl_init
       certrelay_kiosk_pki certrelay_test_support)
target_compile_definitions(doctor_test PRIVATE
  CERTRELAY_DAEMON_FOLDER="${CMAKE_SOURCE_DIR}/firmware/daemon")
suite(unit manual_test SOURCES unit/doctor/manual_test.cpp
  DEPS certrelay_ctl_manual certrelay_ctl_all)
target_compile_definitions(manual_test PRIVATE CERTRELAY_MAN_FOLDER="${CMAKE_SOURCE_DIR}/docs/man")
add_test(NAME integration.init_site
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/init_site_test.py
          ${CMAKE_BINARY_DIR}/bin)
set_tests_properties(integration.init_site PROPERTIES LABELS integration TIMEOUT 1500 RUN_SERIAL ON)
