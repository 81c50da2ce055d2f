suite(unit init_test SOURCES unit/init/init_test.cpp unit/init/init_world.cpp
  DEPS certrelay_ctl_init certrelay_daemon_config certrelay_kiosk_pki certrelay_test_support)
target_compile_definitions(init_test PRIVATE
  CERTRELAY_KEYS_MD="${CMAKE_SOURCE_DIR}/docs/keys.md"
  CERTRELAY_CONFIGURATION_MD="${CMAKE_SOURCE_DIR}/docs/configuration.md")
