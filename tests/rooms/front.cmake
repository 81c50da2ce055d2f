suite(unit front_test
  SOURCES unit/front/gate_test.cpp unit/front/session_test.cpp unit/front/vault_player.cpp
  DEPS certrelay_front certrelay_test_support)
fuzz_target(gate_fuzz DEPS certrelay_front)
