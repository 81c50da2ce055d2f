add_library(certrelay_tls_test_support STATIC support/scripted_tls_server.cpp support/tls_test_files.cpp)
target_link_libraries(certrelay_tls_test_support PUBLIC certrelay_client certrelay_kiosk_pki)

suite(unit client_test
  SOURCES unit/client/address_test.cpp unit/client/answer_head_test.cpp
          unit/client/https_client_test.cpp
  DEPS certrelay_client certrelay_tls_test_support)
fuzz_target(answer_head_fuzz DEPS certrelay_client)
