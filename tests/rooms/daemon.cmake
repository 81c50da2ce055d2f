suite(unit daemon_test
  SOURCES unit/daemon/card_clock_test.cpp unit/daemon/config_test.cpp
          unit/daemon/control_channel_test.cpp
          unit/daemon/front_session_test.cpp unit/daemon/or_abort_test.cpp
          unit/daemon/service_actions_test.cpp unit/operators/operator_world.cpp
  DEPS certrelay_daemon certrelay_test_support)
