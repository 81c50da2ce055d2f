suite(unit console_test
  SOURCES unit/console/html_test.cpp unit/console/form_test.cpp unit/console/pages_test.cpp
          unit/console/console_test.cpp
  DEPS certrelay_console certrelay_operators certrelay_test_support)
target_compile_definitions(console_test PRIVATE
  CERTRELAY_DAEMON_FOLDER="${CMAKE_SOURCE_DIR}/firmware/daemon")
suite(unit security_key_test
  SOURCES unit/keys/security_key_test.cpp unit/keys/token_approval_test.cpp unit/operators/security_key_login_test.cpp
          unit/operators/operator_world.cpp support/software_security_key.cpp
  DEPS certrelay_operators certrelay_test_support)
# Debian's Chromium by playwright-core; scripts/install-packages brings both.
add_test(NAME integration.console
  COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/integration/console_test.py
          ${CMAKE_BINARY_DIR}/bin ${CMAKE_CURRENT_SOURCE_DIR}/browser)
set_tests_properties(integration.console PROPERTIES LABELS integration TIMEOUT 1200 RUN_SERIAL ON)
fuzz_target(attestation_fuzz DEPS certrelay_keys)
fuzz_target(console_form_fuzz DEPS certrelay_console)
