suite(unit front_test
  SOURCES unit/front/answer_text_test.cpp unit/front/deadline_test.cpp unit/front/front_test.cpp unit/front/gate_test.cpp
          unit/front/session_deadline_test.cpp unit/front/session_test.cpp unit/front/terminals_test.cpp unit/front/tls_lab.cpp unit/front/tls_test.cpp
          unit/front/vault_player.cpp
  DEPS certrelay_front certrelay_kiosk_pki certrelay_test_support)
fuzz_target(gate_fuzz DEPS certrelay_front)
